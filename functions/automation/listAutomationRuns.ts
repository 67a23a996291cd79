import { type Run, reply, serve } from '../../shared/http/serve';
import { listAutomationRunsRow } from '../../shared/operations/automation';
import { automationStore } from '../../shared/store/automationStore';
import { runView } from '../../shared/views/automationView';

export const listAutomationRuns: Run<typeof listAutomationRunsRow> = async ({ caller: { practiceId }, query }) => {
  const { limit, cursor } = query;
  const { items, nextCursor } = await automationStore.page(practiceId, { limit, cursor });
  return reply(200, { items: items.map(runView), nextCursor });
};

export const handler = serve(listAutomationRunsRow, listAutomationRuns);
