import { missingStarters, starterCount } from '../../shared/domain/starterServices';
import { type Run, reply, serve } from '../../shared/http/serve';
import { idFrom } from '../../shared/ids';
import { importServicesRow } from '../../shared/operations/catalogue';
import { type ServiceStore, serviceStore } from '../../shared/store/catalogueStore';
import { decideAnew } from '../../shared/store/kernel';

interface Needs {
  readonly services: ServiceStore;
}

/** A repeat finds every code there and adds none; ids derive from the codes, so two at once cannot double one. */
export const importServices =
  ({ services }: Needs): Run<typeof importServicesRow> =>
  ({ caller: { practiceId } }) =>
    decideAnew(async () => {
      const known = await services.all(practiceId);
      const created = missingStarters(known)
        .map(service => ({ ...service, serviceId: idFrom('svc', practiceId, 'starter', service.code) }))
        // One whose code somebody changed is still there under its id.
        .filter(({ serviceId }) => !known.some(service => service.serviceId === serviceId));
      if (created.length > 0) await services.add(practiceId, created);
      return reply(200, { created, unchanged: starterCount - created.length });
    });

export const handler = serve(importServicesRow, importServices({ services: serviceStore }));
