import { type Run, reply, serve } from '../../shared/http/serve';
import { listServicesRow } from '../../shared/operations/catalogue';
import { type ServiceStore, serviceStore } from '../../shared/store/catalogueStore';
import { serviceView } from '../../shared/views/serviceView';

interface Needs {
  readonly services: ServiceStore;
}

export const listServices =
  ({ services }: Needs): Run<typeof listServicesRow> =>
  async ({ caller, query: { active, limit, cursor } }) => {
    const page = await services.page(caller.practiceId, { limit, cursor });
    const shown = page.items.filter(service => active === undefined || String(service.active) === active);
    return reply(200, { items: shown.map(service => serviceView(service, caller)), nextCursor: page.nextCursor });
  };

export const handler = serve(listServicesRow, listServices({ services: serviceStore }));
