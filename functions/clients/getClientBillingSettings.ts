import { type Run, reply, serve } from '../../shared/http/serve';
import { getClientBillingSettingsRow } from '../../shared/operations/clients';
import { type ClientStore, clientStore } from '../../shared/store/clientStore';

interface Needs {
  readonly clients: ClientStore;
}

export const getClientBillingSettings =
  ({ clients }: Needs): Run<typeof getClientBillingSettingsRow> =>
  async ({ caller, path: { clientId } }) => {
    const { billing } = await clients.loadWithBilling(caller, clientId);
    return reply(200, billing);
  };

export const handler = serve(getClientBillingSettingsRow, getClientBillingSettings({ clients: clientStore }));
