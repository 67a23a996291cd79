import { readFileSync } from 'node:fs';
import path from 'node:path';
import { clientPortalLink } from '../shared/clientPortal';

test('mails and the pay page lead to the client portal from the day on which its page is the portal, and not before', () => {
  process.env.PUBLIC_URL = 'https://bills.example.com';
  const page = readFileSync(path.resolve(__dirname, '../portal/client.html'), 'utf8');
  const isThere = !page.includes('not part of this release');
  const link = isThere ? { portalUrl: 'https://bills.example.com/client' } : {};
  expect(clientPortalLink({ portalEnabled: true })).toEqual(link);
  expect(clientPortalLink({ portalEnabled: false })).toEqual({});
});
