import type { PortalAccountObject } from '../operations/client';
import type { NewToken } from '../store/clientTokens';
import type { PortalAccount } from '../store/portalStore';

export const accountView = ({ accountId, practice, kind, clients }: PortalAccount): PortalAccountObject => ({
  accountId,
  practiceName: practice.billingName,
  kind,
  clients: clients.map(({ clientId, name }) => ({ clientId, name })),
});

/** A session as it begins. */
export const signedIn = (
  accounts: readonly PortalAccount[],
  accountId: string,
  { token, expiresAt, endsAt }: Pick<NewToken, 'token' | 'expiresAt' | 'endsAt'>,
) => ({ token, expiresAt, endsAt, accountId, accounts: accounts.map(accountView) });
