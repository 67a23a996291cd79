import { randomBytes } from 'node:crypto';
import { tokenHashOf } from '../access/bearerToken';
import { addMinutes, type Instant } from '../domain/calendar';
import { Problem } from '../domain/problem';
import { added, removed } from './changes';
import { getItem, LostRace, transact } from './kernel';
import { type ConnectState, connectStateEntity } from './table';

const stateMinutes = 60;
const gone = () => new Problem('not_found', { what: 'connection under way' });

/** The one-time state that a member takes to Stripe's onboarding and back (clarification 10): at rest a hash only. */
export const connectStore = {
  async open(of: Pick<ConnectState, 'practiceId' | 'memberId' | 'accountId'>, now: Instant): Promise<string> {
    const state = randomBytes(32).toString('base64url');
    const expiresAt = Math.floor(Date.parse(addMinutes(now, stateMinutes)) / 1000);
    await transact([added(connectStateEntity, of.practiceId, { ...of, stateHash: tokenHashOf(state), expiresAt })]);
    return state;
  },

  /** The one of this member and practice, given to them for this account, in time. Else 404. */
  async find(
    state: string,
    by: { practiceId: string; memberId: string; accountId: string | undefined },
    now: Instant,
  ): Promise<ConnectState> {
    const item = await getItem(connectStateEntity.key(by.practiceId, { stateHash: tokenHashOf(state) }));
    const known = item && connectStateEntity.record(item);
    const fits =
      known?.practiceId === by.practiceId && known.memberId === by.memberId && known.accountId === by.accountId;
    if (!known || !fits || known.expiresAt * 1000 <= Date.parse(now)) throw gone();
    return known;
  },

  /** It holds once: whoever comes second with it meets 404. */
  async take(state: ConnectState): Promise<void> {
    await transact([removed(connectStateEntity, state.practiceId, state)]).catch((error: unknown) => {
      throw error instanceof LostRace ? gone() : error;
    });
  },
};
