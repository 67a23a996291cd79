import { patched } from '../../shared/domain/given';
import { type Run, reply, serve } from '../../shared/http/serve';
import { changeServiceRow } from '../../shared/operations/catalogue';
import { type ServiceStore, serviceStore } from '../../shared/store/catalogueStore';
import { decideAnew } from '../../shared/store/kernel';

interface Needs {
  readonly services: ServiceStore;
}

export const changeService =
  ({ services }: Needs): Run<typeof changeServiceRow> =>
  ({ caller: { practiceId }, path: { serviceId }, body }) =>
    decideAnew(async () => {
      const service = patched(await services.load(practiceId, serviceId), body);
      await services.replace(practiceId, service);
      return reply(200, service);
    });

export const handler = serve(changeServiceRow, changeService({ services: serviceStore }));
