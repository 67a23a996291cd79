import { listCardsRow } from '../../shared/operations/cards';
import { RunningPractice } from '../fixtures/runningPractice';
import { type OpenBrowser, openBrowser } from './browser';
import { heading } from './paySite';

/** The whole way, as a client walks it: a mail's link, the pay page, Stripe's page, and back. */
let practice: RunningPractice;
let browser: OpenBrowser;
beforeAll(async () => {
  [practice, browser] = await Promise.all([RunningPractice.open(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await practice?.close();
});

it('another card for automatic payments is entered on Stripe’s page and is the default when the client is back', async () => {
  const clientId = await practice.client({ emailAllowed: true });
  const old = await practice.savedCard(clientId);
  await practice.onAutopay(clientId);
  const { billId } = await practice.bill(clientId, 16_500);
  const { link } = await practice.byMailedLink(billId);
  const { page, broken } = await browser.tab();
  await page.goto(link);
  await page.getByRole('button', { name: 'Use another card for automatic payments' }).click();
  await page.getByLabel('Card number').fill('5555 5555 5555 4444');
  await page.getByLabel(/Expir/).fill('12 / 34');
  await page.getByLabel(/CVC|Security/).fill('123');
  await page.getByLabel(/Name/).fill('Wanda Walker');
  await page.getByRole('button', { name: 'Save card' }).click();
  await page.locator('main').getByText('Your new card is saved.').waitFor();
  await heading(page, /Amount due on bill/);
  expect([page.url().replace(/.*\/pay/, '/pay'), broken]).toEqual(['/pay', []]);
  await practice.cloud.settle();
  const { items } = await practice.admin.do(listCardsRow, { path: { clientId } });
  expect(items.map(({ cardId, last4, isDefault }) => [cardId === old, last4, isDefault])).toEqual([
    [true, '4242', false],
    [false, '4444', true],
  ]);
  expect(items[1]?.consent).toMatchObject({ by: clientId, textVersion: 'autopay-card-1.en' });
  // Nobody was charged for it.
  expect(practice.capturedOn(billId)).toBe(0);
});
