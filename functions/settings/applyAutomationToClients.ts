import { type Run, reply, serve } from '../../shared/http/serve';
import { applyAutomationToClientsRow } from '../../shared/operations/settings';
import { type Inheritance, inheritance } from '../../shared/store/inheritance';

interface Needs {
  readonly inheritance: Inheritance;
}

/** A repeat does what is left, which is nothing: it needs no record of the first request. */
export const applyAutomationToClients =
  ({ inheritance }: Needs): Run<typeof applyAutomationToClientsRow> =>
  async ({ caller: { practiceId }, body: { dryRun, fields } }) => {
    const billings = await inheritance.overriding(practiceId, fields);
    if (!dryRun) await inheritance.inheritAgain(practiceId, billings, fields);
    return reply(200, { dryRun, fields, clients: billings.length });
  };

export const handler = serve(applyAutomationToClientsRow, applyAutomationToClients({ inheritance }));
