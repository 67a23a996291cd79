import { standing } from '../../shared/domain/automation/run';
import { type Run, reply, serve } from '../../shared/http/serve';
import { getAutomationRunRow } from '../../shared/operations/automation';
import { automationStore } from '../../shared/store/automationStore';
import { runView } from '../../shared/views/automationView';

export const getAutomationRun: Run<typeof getAutomationRunRow> = async ({ caller, path, query }) => {
  const { practiceId } = caller;
  const run = await automationStore.load(practiceId, path.runId);
  const { parts, nextCursor } = await automationStore.partsPage(practiceId, run, query.cursor);
  return reply(200, { run: runView(run), items: parts.flatMap(part => [...standing(run, part)]), nextCursor });
};

export const handler = serve(getAutomationRunRow, getAutomationRun);
