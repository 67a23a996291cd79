import type { CalendarDate } from '../../shared/domain/calendar';
import {
  type BillMail,
  billMessage,
  confirmPaymentMessage,
  type DocumentMail,
  documentMessage,
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

const statement = documentMessage({
  ...facts,
  kind: 'statement',
  period: { from: '2026-01-01' as CalendarDate, to: '2026-03-31' as CalendarDate },
  attached: true,
});
const superbill = (more: Partial<DocumentMail> = {}) =>
  documentMessage({ ...facts, kind: 'superbill', attached: false, ...more });

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

describe('the mail with a statement or a superbill', () => {
  it('(R23) says what a statement is of, and that it is attached', () => {
    expect(statement.subject).toBe('Your statement from Juniper Lane Therapy');
    expect(statement.text).toMatch(/Period: January 1, 2026 to March 31, 2026[\s\S]*attached as a PDF/);
  });

  it('never says that a document is a superbill, of when, or what for; it has no link but the portal’s', () => {
    const portalUrl = 'https://billing.example/client';
    for (const { subject, text, html } of [superbill({ attached: true }), superbill({ portalUrl }), superbill()]) {
      expect(subject).toBe('A document from Juniper Lane Therapy');
      expect(subject + text + html).not.toMatch(/superbill|insur|diagnos|session|\b2026\b|\$|#t=/i);
      expect((text.match(/https?:\/\/\S+/g) ?? []).filter(url => url !== portalUrl)).toEqual([]);
    }
  });

  it('says where it is: attached, in the portal where there is one, or with the practice', () => {
    expect(superbill({ attached: true }).text).toContain('attached as a PDF');
    expect(superbill({ portalUrl: 'https://billing.example/client' }).text).toContain('in the client portal: https');
    expect(superbill().text).toContain('ask Juniper Lane Therapy');
    expect(superbill().text).not.toMatch(/attached|portal/);
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

  it.each([billMessage(bill()), receipt, refund, confirm, statement, superbill()])(
    'readable in dark mode, and tells how to stop: $subject',
    ({ html, text }) => {
      expect(html).toContain('prefers-color-scheme:dark');
      expect(html).toContain('width=device-width');
      expect(text).toContain('To stop it');
    },
  );
});
