import { config } from './config';
import type { Practice } from './domain/practice';

/** Whether `portal/client.html` is the portal; until it is, that page only says that it is not there yet. */
const pagesAreThere: boolean = false;

/**
 * The link to the client portal, for mails and for the pay page: only where the practice has one, and where it leads to
 * more than a page that says that there is none.
 */
export const clientPortalLink = ({ portalEnabled }: Pick<Practice, 'portalEnabled'>): { portalUrl?: string } =>
  portalEnabled && pagesAreThere ? { portalUrl: new URL('/client', config.publicUrl()).href } : {};
