import { readFileSync } from 'node:fs';
import { guestBill, heading, openPaySite, type PaySite, paidBill, payment, said } from './paySite';

let pay: PaySite;
beforeAll(async () => {
  pay = await openPaySite();
});
afterAll(() => pay?.close());
beforeEach(() => {
  pay.site.reset();
  pay.site.on('/bills/lookup', { body: { token: 'tok_1', bill: guestBill() } }).on('/bill', { body: guestBill() });
});

describe('back from Stripe', () => {
  const confirm = '/bill/checkout/confirm';

  it('shows the receipt at once', async () => {
    pay.site.on(confirm, { body: { bill: paidBill, payment } });
    const { page, broken } = await pay.open('#c=chk_1');
    await heading(page, 'Paid. Thank you.');
    const text = await said(page);
    expect(text).toContain('$95.00 Nothing more is due from you on bill JUN-1048.');
    expect(text).toContain('Card Visa •••• 4242 Bill JUN-1048 Receipt R-JUN-1048-2');
    expect(pay.site.calls[0]?.body).toEqual({ checkoutId: 'chk_1' });
    expect(page.url()).toMatch(/\/pay$/);
    expect(broken).toEqual([]);
  });

  it('gives the receipt as a file in which names stay text', async () => {
    pay.site.on(confirm, { body: { bill: { ...paidBill, practiceName: '<b>Juniper</b>' }, payment } });
    const { page } = await pay.open('#c=chk_1');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download receipt' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('R-JUN-1048-2.html');
    const text = readFileSync(await download.path(), 'utf8');
    expect(text).toContain('&lt;b&gt;Juniper&lt;/b&gt;');
    expect(text).toContain('Visa •••• 4242');
  });

  it('in another browser tells whether it was paid, and no more', async () => {
    pay.site.on(confirm, { body: { payment: { status: 'succeeded', amountCents: 9500, currency: 'USD' } } });
    const { page } = await pay.open('#c=chk_1');
    await heading(page, 'Paid. Thank you.');
    expect(await said(page)).toBe('Paid. Thank you. $95.00');
  });

  it('asks again while Stripe has not answered', async () => {
    pay.site.on(
      confirm,
      { body: { payment: { status: 'open', amountCents: 9500 } } },
      { body: { bill: paidBill, payment } },
    );
    const { page } = await pay.open('#c=chk_1');
    await heading(page, 'Checking your payment');
    await heading(page, 'Paid. Thank you.');
    expect(pay.site.callsOf(confirm)).toHaveLength(2);
  });

  it('without having paid shows the bill and that nothing was charged', async () => {
    const { page } = await pay.open('#t=x');
    await heading(page, /Amount due/);
    pay.site.on(confirm, { body: { bill: guestBill(), payment: { status: 'expired', amountCents: 9500 } } });
    await page.evaluate(() => {
      location.hash = '#c=chk_1';
    });
    await page.locator('#main').getByText('Nothing was charged. The payment page was closed').waitFor();
    await heading(page, /Amount due/);
  });

  it('after a part leads back to what is left', async () => {
    const bill = guestBill({ clientBalanceCents: 5500 });
    pay.site.on(confirm, { body: { bill, payment: { ...payment, amountCents: 4000 } } });
    const { page } = await pay.open('#c=chk_1');
    await page.getByText('$55.00 is still due on bill JUN-1048.').waitFor();
    await page.getByRole('button', { name: 'Back to the bill' }).click();
    await heading(page, /Amount due on bill JUN-1048 \$55\.00/);
  });
});
