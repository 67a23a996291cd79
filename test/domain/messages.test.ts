import type { CalendarDate } from '../../shared/domain/calendar';
import {
  type BillMail,
  billMessage,
  confirmPaymentMessage,
  paymentReceiptMessage,
  refundReceiptMessage,
} from '../../shared/email/messages';

const facts = {
  practiceName: 'Juniper Lane Therapy',
  practiceEmail: 'billing@juniperlane.example',
  number: 'JUN-1048',
  currency: 'USD',
};

const bill = (more: Partial<BillMail> = {}): BillMail => ({
  ...facts,
  accessCode: '483190',
  dueOn: '2026-12-03' as CalendarDate,
  clientBalanceCents: 9500,
  paid: false,
  payUrl: 'https://billing.example/pay#t=v1.shr_1.abc',
  lookupUrl: 'https://billing.example/pay',
  attached: true,
  ...more,
});

const receipt = paymentReceiptMessage({
  ...facts,
  amountCents: 9500,
  paidOn: '2026-11-23' as CalendarDate,
  receiptNumber: 'R-JUN-1048-2',
  card: { brand: 'visa', last4: '4242' },
  clientBalanceCents: 0,
});
const refund = refundReceiptMessage({
  ...facts,
  amountCents: 2000,
  refundedOn: '2026-11-24' as CalendarDate,
  destination: 'original',
  card: { brand: 'visa', last4: '4242' },
});
const confirm = confirmPaymentMessage({ ...facts, amountCents: 9500, payUrl: 'https://billing.example/pay#t=x' });

describe('the mail with a bill', () => {
  it('names the practice and nothing else in its subject', () => {
    expect(billMessage(bill()).subject).toBe('You have a new bill from Juniper Lane Therapy');
  });

  it('gives the link, and number and access code as the second way, in both forms', () => {
    const { text, html } = billMessage(bill());
    for (const form of [text, html]) {
      for (const fact of [
        '$95.00',
        'December 3, 2026',
        'JUN-1048',
        '483 190',
        'https://billing.example/pay#t=v1.shr_1.abc',
      ]) {
        expect(form).toContain(fact);
      }
    }
  });

  it('has no pay link while online payments are off, and says how to pay', () => {
    const { payUrl, ...offline } = bill();
    const { text, html } = billMessage(offline);
    expect(text + html).not.toContain('#t=');
    expect(text).toContain('ask Juniper Lane Therapy how it takes payments');
    expect(payUrl).toBeDefined();
  });

  it('is a receipt without a pay link when the bill was paid before it went out', () => {
    const { subject, text, html } = billMessage(bill({ paid: true, clientBalanceCents: 0 }));
    expect(subject).toBe('Your bill from Juniper Lane Therapy is paid');
    expect(text).toContain('Nothing more is due from you');
    expect(text + html).not.toMatch(/#t=|\$/);
  });

  it('mentions the PDF only when one is attached', () => {
    expect(billMessage(bill()).text).toContain('attached');
    expect(billMessage(bill({ attached: false })).text).not.toContain('attached');
  });

  it('shows a preview that says amount and date only', () => {
    const preview = /opacity:0">([^&<]*)/.exec(billMessage(bill()).html)?.[1];
    expect(preview).toBe('$95.00 is due by December 3, 2026.');
  });

  it('escapes names in HTML and keeps them one line in the subject', () => {
    const { subject, html } = billMessage(bill({ practiceName: '<b>A & "B"</b>\r\nBcc: x@y.example' }));
    expect(subject).not.toMatch(/[\r\n]/);
    expect(html).not.toContain('<b>A');
    expect(html).toContain('&lt;b&gt;A &amp; &quot;B&quot;&lt;/b&gt;');
  });
});

describe('receipts and requests', () => {
  it('tells a payer what was received and what is left', () => {
    expect(receipt.text).toMatch(/\$95\.00[\s\S]*Visa •••• 4242[\s\S]*R-JUN-1048-2[\s\S]*Nothing more is due/);
  });

  it('tells where refunded money goes', () => {
    expect(refund.text).toMatch(/\$20\.00[\s\S]*goes back to Visa •••• 4242/);
  });

  it('says that nothing was charged when the bank wants the cardholder', () => {
    expect(confirm.text).toMatch(
      /Nothing was charged[\s\S]*Confirm and pay \$95\.00:\nhttps:\/\/billing\.example\/pay#t=x/,
    );
  });

  it.each([billMessage(bill()), receipt, refund, confirm])(
    'readable in dark mode, and tells how to stop: $subject',
    ({ html, text }) => {
      expect(html).toContain('prefers-color-scheme:dark');
      expect(html).toContain('width=device-width');
      expect(text).toContain('To stop it');
    },
  );
});
