import { newSignIn, type SignIn } from '../domain/signIn';
import type { Needs } from '../needs';
import { added, removed, replaced } from './changes';
import { decideAnew, getItem, type Key, transact, type Write } from './kernel';
import { signInEntity } from './table';

export const signInStore = {
  /** A later one takes the place of an earlier one, whose code is worth nothing then. Where it stands. */
  ask: (addressHash: string, { clock, newId }: Pick<Needs, 'clock' | 'newId'>): Promise<Key> =>
    decideAnew(async () => {
      const before = await signInStore.find(addressHash);
      const signIn = newSignIn({ addressHash, signInId: newId('wrk') }, clock.now());
      await transact([
        before
          ? replaced(signInEntity, '', { ...signIn, revision: before.revision })
          : added(signInEntity, '', { ...signIn, revision: 0 }),
      ]);
      return signInEntity.key('', { addressHash });
    }),

  find: (addressHash: string): Promise<SignIn | undefined> => signInStore.at(signInEntity.key('', { addressHash })),

  async at({ pk, sk }: Key): Promise<SignIn | undefined> {
    const item = await getItem({ pk, sk });
    return item && signInEntity.record(item);
  },

  replace: (signIn: SignIn): Promise<void> => transact([replaced(signInEntity, '', signIn)]),
  spend: (signIn: SignIn): Write => removed(signInEntity, '', signIn),
};
