import { missingStarters, starterCount } from '../../shared/domain/starterServices';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { idFrom } from '../../shared/ids';
import { importServicesRow } from '../../shared/operations/catalogue';
import { type ServiceStore, serviceStore } from '../../shared/store/catalogueStore';
import { decideAnew } from '../../shared/store/kernel';

interface Needs {
  readonly services: ServiceStore;
}

/** Without a key, a repeat finds every code there and adds none; ids derive from codes, so two at once double none. */
export const importServices = ({ services }: Needs): Operation<typeof importServicesRow> => ({
  run: ({ caller: { practiceId }, once }) =>
    decideAnew(async () => {
      const known = await once.beside(services.all(practiceId));
      const created = missingStarters(known)
        .map(service => ({ ...service, serviceId: idFrom('svc', practiceId, 'starter', service.code) }))
        // One whose code somebody changed is still there under its id.
        .filter(({ serviceId }) => !known.some(service => service.serviceId === serviceId));
      const record = once.record(200, Object.fromEntries(created.map(({ code, serviceId }) => [code, serviceId])));
      if (created.length + record.length > 0) await services.add(practiceId, created, record);
      return reply(200, { created, unchanged: starterCount - created.length });
    }),
  replay: async ({ ids }, { caller }) => {
    const found = await services.findAll(caller.practiceId, Object.values(ids));
    const created = found.sort((a, b) => (a.code < b.code ? -1 : 1));
    return reply(200, { created, unchanged: starterCount - created.length });
  },
});

export const handler = serve(importServicesRow, importServices({ services: serviceStore }));
