import { termsOf, withTerms } from '../../shared/domain/client';
import { given } from '../../shared/domain/given';
import { refuseWrongInsurer, refuseWrongTerms } from '../../shared/domain/policies';
import { Problem } from '../../shared/domain/problem';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { type NewId, newId } from '../../shared/ids';
import { createPolicyRow } from '../../shared/operations/policies';
import { type PayerStore, payerStore } from '../../shared/store/catalogueStore';
import { type ClientStore, clientStore } from '../../shared/store/clientStore';
import { decideAnew } from '../../shared/store/kernel';

interface Needs {
  readonly clients: ClientStore;
  readonly payers: PayerStore;
  readonly newId: NewId;
}

export const createPolicy = ({ clients, payers, newId }: Needs): Operation<typeof createPolicyRow> => ({
  run: ({ caller, path: { clientId }, body, once }) =>
    decideAnew(async () => {
      const { practiceId } = caller;
      const { billing, policies } = await once.beside(clients.loadCoverage(caller, clientId));
      const policyId = newId('pol');
      const policy = given({ ...body, clientId, policyId });
      refuseWrongInsurer(await payers.find(practiceId, policy.payerId));
      refuseWrongTerms(policy, policies);
      await clients.savePolicy(practiceId, {
        policy,
        billing: withTerms(billing, policyId, termsOf(policy)),
        more: once.record(201, { policyId }),
      });
      return reply(201, policy);
    }),
  replay: async ({ ids: { policyId } }, { caller, path: { clientId } }) => {
    const { policies } = await clients.loadCoverage(caller, clientId);
    const policy = policies.find(known => known.policyId === policyId);
    if (!policy) throw new Problem('not_found', { what: 'policy' });
    return reply(201, policy);
  },
});

export const handler = serve(createPolicyRow, createPolicy({ clients: clientStore, payers: payerStore, newId }));
