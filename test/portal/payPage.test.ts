import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { guestBill, heading, openPaySite, type PaySite, paidBill, problem, said } from './paySite';

let pay: PaySite;
beforeAll(async () => {
  pay = await openPaySite();
});
afterAll(() => pay?.close());
beforeEach(() => {
  pay.site.reset();
  pay.site
    .on('/bills/lookup', { body: { token: 'tok_1', bill: guestBill() } })
    .on('/bill', { body: guestBill() })
    .on('/bill/checkout', { body: { url: '/hosted' } });
});

const hostedSlowly = { body: { url: '/hosted' }, delayMs: 300 };

describe('a link from a mail', () => {
  it('opens the bill: amount, day in full, and rows that add up', async () => {
    const { page, broken } = await pay.open('#t=v1.shr_1.abc');
    await heading(page, 'Amount due on bill JUN-1048 $95.00');
    const text = await said(page);
    expect(text).toContain('Due Thursday, December 3, 2026');
    expect(text).toContain('Your part of the bill $135.00 Already paid −$60.00 Refunded $20.00 Due now $95.00');
    expect(pay.site.calls[0]).toMatchObject({ route: '/bills/lookup', body: { linkToken: 'v1.shr_1.abc' } });
    expect(broken).toEqual([]);
  });

  it('leaves the address at once and keeps only the bearer token, for this tab', async () => {
    const { page } = await pay.open('#t=v1.shr_1.abc');
    await heading(page, /Amount due/);
    expect(page.url()).toMatch(/\/pay$/);
    expect(await page.evaluate(() => [{ ...sessionStorage }, localStorage.length, document.cookie])).toEqual([
      { 'pay.token': 'tok_1' },
      0,
      '',
    ]);
  });

  it('that is too old asks for number and access code instead', async () => {
    pay.site.on('/bills/lookup', problem(404, 'bill_not_found'));
    const { page } = await pay.open('#t=old');
    await heading(page, 'This link does not work any more');
    expect(await page.getByLabel('Bill number').count()).toBe(1);
  });

  it('of a cancelled bill says only that it is not available', async () => {
    pay.site.on('/bills/lookup', { body: { token: 'tok_1', bill: { status: 'cancelled' } } });
    const { page, broken } = await pay.open('#t=x');
    await heading(page, 'This bill is not available');
    expect(await said(page, 'body')).not.toMatch(/JUN|\$/);
    expect(broken).toEqual([]);
  });

  it.each([
    ['paid', 'This bill is paid'],
    ['awaiting_insurance', 'Nothing is due from you now'],
  ] as const)('of a bill that is %s offers no payment', async (status, says) => {
    pay.site.on('/bills/lookup', { body: { token: 'tok_1', bill: { ...paidBill, status } } });
    const { page } = await pay.open('#t=x');
    await heading(page, says);
    expect(await page.getByRole('button', { name: /^Pay/ }).count()).toBe(0);
  });

  it('of a practice without online payments says whom to ask', async () => {
    pay.site.on('/bills/lookup', { body: { token: 'tok_1', bill: guestBill({ onlinePayments: false }) } });
    const { page } = await pay.open('#t=x');
    await page.getByText('Ask Juniper Lane Therapy how it takes payments').waitFor();
    expect(await page.getByRole('button', { name: /^Pay/ }).count()).toBe(0);
  });

  it('whose bill was closed after 30 minutes says how to open it again', async () => {
    const { page } = await pay.open('#t=x');
    await heading(page, /Amount due/);
    pay.site.on('/bill', problem(401, 'unauthenticated'));
    await page.reload();
    await heading(page, 'Please find your bill again');
  });
});

describe('number and access code', () => {
  it('come by keyboard alone, the number from the code on paper', async () => {
    const { page } = await pay.open('#n=JUN-1048');
    await heading(page, 'Find your bill');
    await page.getByLabel('Access code').focus();
    await page.keyboard.type('483 190');
    await page.keyboard.press('Enter');
    await heading(page, /Amount due on bill/);
    expect(pay.site.calls[0]?.body).toEqual({ number: 'JUN-1048', accessCode: '483190' });
  });

  it('that do not fit keep what was typed and point at the field', async () => {
    pay.site.on('/bills/lookup', problem(404, 'bill_not_found'));
    const { page } = await pay.open();
    await page.getByLabel('Bill number').fill('JUN-1048');
    await page.getByLabel('Access code').fill('000000');
    await page.getByRole('button', { name: 'Find bill' }).click();
    await page.getByText('do not fit together').waitFor();
    expect(await page.getByLabel('Bill number').inputValue()).toBe('JUN-1048');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('accessCode');
    expect(await page.getByLabel('Access code').getAttribute('aria-invalid')).toBe('true');
  });

  it('tried too often: says how long to wait and mails a fresh link, with one answer for all', async () => {
    pay.site.on('/bills/lookup', problem(429, 'too_many_requests', { retryAfterSeconds: 700 }));
    pay.site.on('/bills/fresh-link', { status: 202 });
    const { page } = await pay.open('#n=JUN-1048');
    await page.getByLabel('Access code').fill('000000');
    await page.getByRole('button', { name: 'Find bill' }).click();
    await page.getByText('Too many tries. Wait 12 minutes').waitFor();
    await page.getByRole('button', { name: 'Mail me a fresh link' }).click();
    await page.locator('main').getByText('If this bill has an e-mail address on file').waitFor();
    expect(pay.site.callsOf('/bills/fresh-link')[0]?.body).toEqual({ number: 'JUN-1048' });
  });
});

describe('paying', () => {
  it('the whole leads to the payment page, asked for once however often the button is pressed', async () => {
    pay.site.on('/bill/checkout', { body: { url: '/hosted' }, delayMs: 300 });
    const { page } = await pay.open('#t=x');
    await page.getByRole('button', { name: 'Pay $95.00' }).dblclick();
    await page.waitForURL(/hosted/);
    const calls = pay.site.callsOf('/bill/checkout');
    expect(calls).toHaveLength(1);
    expect(calls[0]?.body).toEqual({ amountCents: 9500 });
    expect(calls[0]?.headers).toMatchObject({
      authorization: 'Bearer tok_1',
      'idempotency-key': expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it('another amount, by keyboard: the button says it before it is paid', async () => {
    const { page } = await pay.open('#t=x');
    await page.getByRole('radio', { name: /All of it/ }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.type('40.5');
    await page.getByRole('button', { name: 'Pay $40.50' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/hosted/);
    expect(pay.site.callsOf('/bill/checkout')[0]?.body).toEqual({ amountCents: 4050 });
  });

  it.each(['0.10', '95.01', 'ninety', ''])('refuses %j beside the field and sends nothing', async typed => {
    const { page } = await pay.open('#t=x');
    await page.getByRole('radio', { name: 'Another amount' }).check();
    await page.getByLabel('Amount', { exact: true }).fill(typed);
    await page.getByRole('button', { name: /^Pay/ }).click();
    await page.getByText('Enter an amount from $0.50 to $95.00.').waitFor();
    expect(pay.site.callsOf('/bill/checkout')).toHaveLength(0);
  });

  it('only the whole where the practice takes no parts', async () => {
    pay.site.on('/bills/lookup', { body: { token: 'tok_1', bill: guestBill({ allowPartial: false }) } });
    const { page } = await pay.open('#t=x');
    await page.getByRole('button', { name: 'Pay $95.00' }).waitFor();
    expect(await page.getByRole('radio').count()).toBe(0);
  });

  it('offline sends nothing and says so; the next try is the same intent', async () => {
    const { page } = await pay.open('#t=x');
    const button = page.getByRole('button', { name: 'Pay $95.00' });
    await button.waitFor();
    await page.context().setOffline(true);
    await button.click();
    await page.getByText('You are offline. Nothing was sent.').waitFor();
    await page.context().setOffline(false);
    pay.site.on('/bill/checkout', { status: 503, body: {} }, { body: { url: '/hosted' } });
    await button.click();
    await page.getByText('Nothing was charged. Try again').waitFor();
    await button.click();
    await page.waitForURL(/hosted/);
    const keys = pay.site.callsOf('/bill/checkout').map(call => call.headers['idempotency-key']);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  it('a bill paid meanwhile shows that, and that nothing was charged', async () => {
    pay.site.on('/bill/checkout', problem(409, 'bill_already_paid')).on('/bill', { body: paidBill });
    const { page } = await pay.open('#t=x');
    await page.getByRole('button', { name: 'Pay $95.00' }).click();
    await heading(page, 'This bill is paid');
    expect(await said(page)).toContain('Nothing was charged.');
  });
});

it('tells of a payment under way rather than taking a second one', async () => {
  pay.site.on('/bill/checkout', problem(409, 'payment_in_progress'));
  const { page } = await pay.open('#t=x');
  await page.getByRole('button', { name: 'Pay $95.00' }).click();
  await page.getByText('A payment on this bill is under way.').waitFor();
});

describe('another card for automatic payments', () => {
  const offered = { token: 'tok_1', bill: guestBill({ cardSetup: true }) };
  const label = 'Use another card for automatic payments';

  it('is offered only where the bill says so, on a paid bill too, with what the cardholder agrees to', async () => {
    const { page } = await pay.open('#t=x');
    await heading(page, /Amount due/);
    expect(await page.getByRole('button', { name: label }).count()).toBe(0);
    pay.site.on('/bills/lookup', { body: offered }, { body: { ...offered, bill: { ...paidBill, cardSetup: true } } });
    for (const title of [/Amount due/, 'This bill is paid']) {
      const { page: other } = await pay.open('#t=x');
      await heading(other, title);
      expect(await said(other)).toContain('you allow Juniper Lane Therapy to charge your part of your bills to it');
      expect(await other.getByRole('button', { name: label }).count()).toBe(1);
    }
  });

  it('leads to Stripe once, naming the words that were agreed to, and back with a confirmation', async () => {
    pay.site.on('/bills/lookup', { body: offered }).on('/bill/card-setup', { status: 503, body: {} }, hostedSlowly);
    const { page } = await pay.open('#t=x');
    await page.getByRole('button', { name: label }).click();
    await page.locator('.box').getByRole('alert').waitFor();
    await page.getByRole('button', { name: label }).dblclick();
    await page.waitForURL(/hosted/);
    const calls = pay.site.callsOf('/bill/card-setup');
    expect(calls.map(({ body }) => body)).toEqual([1, 2].map(() => ({ consentTextVersion: 'autopay-card-1.en' })));
    expect(new Set(calls.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(calls[1]?.headers.authorization).toBe('Bearer tok_1');
    await page.goto(`${new URL(page.url()).origin}/pay#card=saved`);
    await page.locator('main').getByText('Your new card is saved.').waitFor();
    await heading(page, /Amount due/);
    expect(page.url()).toMatch(/\/pay$/);
  });

  it('that is refused, as AutoPay was switched off meanwhile, shows the bill as it stands', async () => {
    pay.site.on('/bills/lookup', { body: offered }).on('/bill/card-setup', problem(409, 'autopay_off'));
    const { page } = await pay.open('#t=x');
    await page.getByRole('button', { name: label }).click();
    await page.getByText('This bill has changed.').waitFor();
    expect(await page.getByRole('button', { name: label }).count()).toBe(0);
  });
});

describe('lines and PDF', () => {
  it('ask for the access code, then open', async () => {
    pay.site
      .on('/bill/pdf', problem(403, 'second_factor_required'), { body: { url: '/hosted', expiresAt: '' } })
      .on('/bill/verify', problem(404, 'bill_not_found'), { body: {} });
    const { page } = await pay.open('#t=x');
    await page.getByRole('button', { name: 'See lines and PDF' }).click();
    await page.locator('#accessCode:focus').waitFor();
    await page.keyboard.type('111111');
    await page.keyboard.press('Enter');
    await page.getByText('This code does not fit the bill.').waitFor();
    await page.getByLabel('Access code').fill('483 190');
    await page.keyboard.press('Enter');
    await page.waitForURL(/hosted/);
    expect(pay.site.callsOf('/bill/verify').map(call => call.body)).toEqual([
      { accessCode: '111111' },
      { accessCode: '483190' },
    ]);
  });
});

it('speaks Spanish at a press, marks the language, and loses nothing typed', async () => {
  const { page } = await pay.open('#t=x');
  await page.getByRole('radio', { name: 'Another amount' }).check();
  await page.getByLabel('Amount', { exact: true }).fill('12');
  expect(await page.getByRole('button', { name: 'Español' }).getAttribute('lang')).toBe('es');
  await page.getByRole('button', { name: 'Español' }).click();
  await page.getByText('Vence el jueves, 3 de diciembre de 2026').waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('es');
  expect(await page.getByLabel('Importe', { exact: true }).inputValue()).toBe('12');
  await page.getByRole('button', { name: 'Pagar $12.00' }).waitFor();
});

it('weighs at most 15 KB of JavaScript, and its pages hold nothing inline', () => {
  const assets = path.join(pay.folder, 'assets');
  const scripts = readdirSync(assets).filter(name => name.endsWith('.js'));
  const bytes = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(path.join(assets, name))).length, 0);
  expect(bytes).toBeLessThanOrEqual(15 * 1024);
  for (const page of ['pay.html', 'index.html', 'client.html']) {
    expect(readFileSync(path.join(pay.folder, page), 'utf8')).not.toMatch(/<style|style=|<script>|\son\w+=/);
  }
});
