import { type Run, reply, serve } from '../../shared/http/serve';
import { hideServiceRow } from '../../shared/operations/catalogue';
import { type ServiceStore, serviceStore } from '../../shared/store/catalogueStore';
import { decideAnew } from '../../shared/store/kernel';

interface Needs {
  readonly services: ServiceStore;
}

export const hideService =
  ({ services }: Needs): Run<typeof hideServiceRow> =>
  ({ caller: { practiceId }, path: { serviceId } }) =>
    decideAnew(async () => {
      await services.replace(practiceId, { ...(await services.load(practiceId, serviceId)), active: false });
      return reply(204, undefined);
    });

export const handler = serve(hideServiceRow, hideService({ services: serviceStore }));
