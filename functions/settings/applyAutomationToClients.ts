import { type Operation, reply, serve } from '../../shared/http/serve';
import { applyAutomationToClientsRow } from '../../shared/operations/settings';
import { remember } from '../../shared/store/changes';
import { type Inheritance, inheritance } from '../../shared/store/inheritance';

interface Needs {
  readonly inheritance: Inheritance;
}

/** The key's record is written last: a request that broke off is finished by its repeat, which does what is left. */
export const applyAutomationToClients = ({ inheritance }: Needs): Operation<typeof applyAutomationToClientsRow> => ({
  run: async ({ caller: { practiceId }, body: { dryRun, fields }, once }) => {
    const billings = await once.beside(inheritance.overriding(practiceId, fields));
    if (!dryRun) await inheritance.inheritAgain(practiceId, billings, fields);
    const clients = billings.length;
    await remember(once.record(200, { clients: String(clients) }));
    return reply(200, { dryRun, fields, clients });
  },
  replay: async ({ ids: { clients } }, { body: { dryRun, fields } }) =>
    reply(200, { dryRun, fields, clients: Number(clients) }),
});

export const handler = serve(applyAutomationToClientsRow, applyAutomationToClients({ inheritance }));
