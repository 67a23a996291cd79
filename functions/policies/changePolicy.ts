import { termsOf, withTerms } from '../../shared/domain/client';
import { patched } from '../../shared/domain/given';
import { refuseWrongInsurer, refuseWrongTerms } from '../../shared/domain/policies';
import { Problem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { changePolicyRow } from '../../shared/operations/policies';
import { type PayerStore, payerStore } from '../../shared/store/catalogueStore';
import { type ClientStore, clientStore } from '../../shared/store/clientStore';
import { decideAnew } from '../../shared/store/kernel';

interface Needs {
  readonly clients: ClientStore;
  readonly payers: PayerStore;
}

export const changePolicy =
  ({ clients, payers }: Needs): Run<typeof changePolicyRow> =>
  ({ caller, path: { clientId, policyId }, body }) =>
    decideAnew(async () => {
      const { practiceId } = caller;
      const { billing, policies } = await clients.loadCoverage(caller, clientId);
      const before = policies.find(known => known.policyId === policyId);
      if (!before) throw new Problem('not_found', { what: 'policy' });
      const policy = patched(before, body);
      if (policy.payerId !== before.payerId) refuseWrongInsurer(await payers.find(practiceId, policy.payerId));
      refuseWrongTerms(policy, policies);
      await clients.savePolicy(practiceId, { policy, billing: withTerms(billing, policyId, termsOf(policy)) });
      return reply(200, policy);
    });

export const handler = serve(changePolicyRow, changePolicy({ clients: clientStore, payers: payerStore }));
