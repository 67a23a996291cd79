import { invariant } from './invariant';
import type { Member } from './practice';
import { invalidInput, Problem } from './problem';

/** Whom a superbill names as the provider. */
export interface Provider {
  readonly memberId: string;
  readonly name: string;
  readonly npi?: string;
  readonly taxonomy?: string;
}

export interface ProviderChoice {
  /** Who treated the client, the client's own practitioner first. */
  readonly practitionerIds: readonly string[];
  readonly members: readonly Member[];
  /** Named in this request. */
  readonly chosenId?: string | undefined;
  /** What staff chose the last time. */
  readonly rememberedId?: string | undefined;
  /** Whether somebody is there to choose; a night's run takes the default. */
  readonly ask: boolean;
}

/**
 * Each practitioner's supervisor, who is the default, then the practitioner (`domain.md` 2.6). With one candidate there is
 * nothing to choose; else the choice of now, the one remembered, or, the first time, the question. Problems:
 * `provider_not_chosen`; `invalid_input` for somebody who neither treated nor supervised.
 */
export function providerOf(choice: ProviderChoice): Provider {
  const { chosenId, rememberedId, ask } = choice;
  const candidates = candidatesOf(choice);
  const named = (id: string | undefined): Member | undefined => candidates.find(({ memberId }) => memberId === id);
  if (chosenId !== undefined && !named(chosenId)) {
    throw invalidInput('/providerId', 'must be who treated the client, or who supervised it');
  }
  const [first] = candidates;
  invariant(first, 'who treated a client is a member of the practice');
  const known = named(chosenId) ?? named(rememberedId) ?? (candidates.length > 1 && ask ? undefined : first);
  if (known) return shown(known);
  throw new Problem('provider_not_chosen', {
    providers: candidates.map(({ memberId }) => memberId),
    suggestedId: first.memberId,
  });
}

function candidatesOf({ practitionerIds, members }: ProviderChoice): Member[] {
  const byId = new Map(members.map(member => [member.memberId, member]));
  const candidates = practitionerIds.flatMap(id => {
    const practitioner = byId.get(id);
    const supervisor = byId.get(practitioner?.supervisorId ?? '');
    return [...(supervisor?.active ? [supervisor] : []), ...(practitioner ? [practitioner] : [])];
  });
  return [...new Set(candidates)];
}

const shown = ({ memberId, name, npi, taxonomy }: Member): Provider => ({
  memberId,
  name,
  ...(npi ? { npi } : {}),
  ...(taxonomy ? { taxonomy } : {}),
});
