import { given } from '../../shared/domain/given';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { type NewId, newId } from '../../shared/ids';
import { createServiceRow } from '../../shared/operations/catalogue';
import { type ServiceStore, serviceStore } from '../../shared/store/catalogueStore';
import { decideAnew } from '../../shared/store/kernel';

interface Needs {
  readonly services: ServiceStore;
  readonly newId: NewId;
}

export const createService = ({ services, newId }: Needs): Operation<typeof createServiceRow> => ({
  run: ({ caller: { practiceId }, body, once }) =>
    decideAnew(async () => {
      const serviceId = newId('svc');
      const service = given({ ...body, description: body.description ?? body.name, serviceId, active: true });
      await services.add(practiceId, [service], once.record(201, { serviceId }));
      return reply(201, service);
    }),
  replay: async ({ ids: { serviceId = '' } }, { caller }) =>
    reply(201, await services.load(caller.practiceId, serviceId)),
});

export const handler = serve(createServiceRow, createService({ services: serviceStore, newId }));
