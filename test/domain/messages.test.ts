import type { CalendarDate } from '../../shared/domain/calendar';
import type { Message } from '../../shared/email/letter';
import { paymentReceiptMessage } from '../../shared/email/receiptMessages';
import { billMail as bill, everyMail, mailFacts, superbillMail as superbill } from '../fixtures/mails';

const { statement, receipt, refund_receipt: refund, pay_link: confirm, prepayment } = everyMail;

describe('the mail with a bill', () => {
  it('names the practice and nothing else in its subject', () => {
    expect(bill().subject).toBe('You have a new bill from Juniper Lane Therapy');
  });

  it('gives the link, and number and access code as the second way, in both forms', () => {
    const { text, html } = bill();
    for (const form of [text, html.replaceAll('&nbsp;', ' ')]) {
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
    const { text, html } = bill({}, {});
    expect(text + html).not.toContain('#t=');
    expect(text).toContain('ask Juniper Lane Therapy how it takes payments');
  });

  it('is a receipt without a pay link when the bill was paid before it went out', () => {
    const { subject, text, html } = bill({ status: 'paid', clientBalanceCents: 0 });
    expect(subject).toBe('Your bill from Juniper Lane Therapy is paid');
    expect(text).toContain('Nothing more is due from you');
    expect(text + html).not.toMatch(/#t=|\$/);
  });

  it('mentions the PDF only when one is attached', () => {
    expect(bill().text).toContain('attached');
    expect(bill({ attached: false }).text).not.toContain('attached');
  });

  it('shows a preview that says amount and date only', () => {
    const preview = /opacity:0">([^&<]*)/.exec(bill().html)?.[1];
    expect(preview).toBe('$95.00 is due by December 3, 2026.');
  });

  it('escapes names in HTML and keeps them one line in the subject', () => {
    const { subject, html } = bill({ practiceName: '<b>A & "B"</b>\r\nBcc: x@y.example' });
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

  it('breaks no date over two lines, on however narrow a phone', () => {
    expect(statement.html).toContain('>January&nbsp;1,&nbsp;2026 to March&nbsp;31,&nbsp;2026<');
    for (const { html } of Object.values(everyMail)) {
      expect(html.replace(/<title>.*?<\/title>|opacity:0">.*?<\/div>/gs, '')).not.toMatch(
        /[A-Z][a-z]+ \d{1,2}, \d{4}|\d, \d{4}/,
      );
    }
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
  it('tells a payer without a bill that the money is kept', () => {
    expect(prepayment.text).toContain('The money is kept as your credit with Juniper Lane Therapy');
    expect(prepayment.text).not.toMatch(/Bill number|due from you/);
  });

  it('tells a payer what was received and what is left', () => {
    expect(receipt.text).toMatch(/\$95\.00[\s\S]*Visa •••• 4242[\s\S]*7K3MZ0QF[\s\S]*Nothing more is due/);
  });

  it('tells where refunded money goes', () => {
    expect(refund.text).toMatch(/\$20\.00[\s\S]*goes back to Visa •••• 4242/);
  });

  it('says that nothing was charged when the bank wants the cardholder', () => {
    expect(confirm.text).toMatch(
      /Nothing was charged[\s\S]*Confirm and pay \$95\.00:\nhttps:\/\/billing\.example\/pay#t=v1/,
    );
  });
});

/** Subject, preview and every line but the closing. */
const contentsOf = ({ subject, text, html }: Message): string[] => {
  const preview = (/opacity:0">(.*?)&#847;/.exec(html)?.[1] ?? '').replaceAll('&nbsp;', ' ');
  return [subject, preview, ...(text.split('\n\n--\n')[0] ?? '').split('\n').filter(Boolean)];
};

/** What each mail contains: nothing else leaves the practice by mail (`domain.md` 4.1). */
const contents: Readonly<Record<keyof typeof everyMail, readonly string[]>> = {
  sign_in: [
    'Your sign-in code',
    'It is valid for 10 minutes.',
    'Juniper Lane Therapy',
    'Your sign-in code',
    '483190',
    'Enter it on the page where you asked for it. It is valid for 10 minutes, once.',
    'Give it to nobody: we never ask for it by telephone or mail.',
  ],
  bill: [
    'You have a new bill from Juniper Lane Therapy',
    '$95.00 is due by December 3, 2026.',
    'Juniper Lane Therapy',
    'Amount due',
    '$95.00',
    'Pay $95.00:',
    'https://billing.example/pay#t=v1.shr_1.abc',
    'Due: December 3, 2026',
    'Bill number: JUN-1048',
    'Access code: 483 190',
    'Or go to https://billing.example/pay and enter the bill number and access code.',
    'The bill is attached as a PDF.',
  ],
  'bill paid meanwhile': [
    'Your bill from Juniper Lane Therapy is paid',
    'Nothing more is due from you on this bill.',
    'Juniper Lane Therapy',
    'Paid. Thank you. Nothing more is due from you on this bill.',
    'Bill number: JUN-1048',
    'Access code: 483 190',
    'To see the bill, go to https://billing.example/pay and enter the bill number and access code.',
    'The bill is attached as a PDF.',
    'All your bills are in the client portal: https://billing.example/client',
  ],
  'bill of nothing due': [
    'You have a new bill from Juniper Lane Therapy',
    'Nothing is due from you now.',
    'Juniper Lane Therapy',
    'Nothing is due from you now. Should a part of this bill fall to you later, Juniper Lane Therapy tells you.',
    'Bill number: JUN-1048',
    'Access code: 483 190',
    'To see the bill, go to https://billing.example/pay and enter the bill number and access code.',
    'The bill is attached as a PDF.',
  ],
  fresh_link: [
    'You have a new bill from Juniper Lane Therapy',
    '$95.00 is due by December 3, 2026.',
    'Juniper Lane Therapy',
    'Amount due',
    '$95.00',
    'Pay $95.00:',
    'https://billing.example/pay#t=v1.shr_1.abc',
    'Due: December 3, 2026',
    'Bill number: JUN-1048',
    'Access code: 483 190',
    'Or go to https://billing.example/pay and enter the bill number and access code.',
  ],
  statement: [
    'Your statement from Juniper Lane Therapy',
    'Your statement is ready.',
    'Juniper Lane Therapy',
    'Your statement is ready.',
    'Period: January 1, 2026 to March 31, 2026',
    'It is attached as a PDF.',
  ],
  superbill: [
    'A document from Juniper Lane Therapy',
    'A document for your records is ready.',
    'Juniper Lane Therapy',
    'A document for your records is ready.',
    'You find it in the client portal: https://billing.example/client',
  ],
  receipt: [
    'Your payment to Juniper Lane Therapy',
    'We received $95.00. Thank you.',
    'Juniper Lane Therapy',
    'We received your payment. Thank you.',
    '$95.00',
    'When: November 23, 2026',
    'Card: Visa •••• 4242',
    'Bill number: JUN-1048',
    'Receipt: 7K3MZ0QF',
    'Nothing more is due from you on this bill.',
    'All your bills are in the client portal: https://billing.example/client',
  ],
  prepayment: [
    'Your payment to Juniper Lane Therapy',
    'We received $200.00. Thank you.',
    'Juniper Lane Therapy',
    'We received your payment. Thank you.',
    '$200.00',
    'When: November 23, 2026',
    'Card: Visa •••• 4242',
    'Receipt: 8T1WPD4A',
    'The money is kept as your credit with Juniper Lane Therapy and pays for what comes next.',
  ],
  refund_receipt: [
    'A refund from Juniper Lane Therapy',
    '$20.00 is refunded to you.',
    'Juniper Lane Therapy',
    'Refunded to you',
    '$20.00',
    'When: November 24, 2026',
    'Bill number: JUN-1048',
    'The money goes back to Visa •••• 4242. Banks take 5 to 10 working days to show it.',
  ],
  pay_link: [
    'Please confirm your payment to Juniper Lane Therapy',
    'Your bank asks you to confirm $95.00. Nothing was charged.',
    'Juniper Lane Therapy',
    'Your bank asks you to confirm this payment yourself. Nothing was charged.',
    '$95.00',
    'Confirm and pay $95.00:',
    'https://billing.example/pay#t=v1.shr_1.abc',
    'Bill number: JUN-1048',
  ],
  autopay_notice: [
    'Your automatic payment to Juniper Lane Therapy is tonight',
    'We charge Visa •••• 4242 $95.00 tonight.',
    'Juniper Lane Therapy',
    'Tonight we charge Visa •••• 4242',
    '$95.00',
    'When: Night to December 4, 2026',
    'You need not do anything. A bill that is paid before midnight is not charged.',
    'To use another card, or to stop automatic payments, ask Juniper Lane Therapy.',
    'All your bills are in the client portal: https://billing.example/client',
  ],
  autopay_failed: [
    'Your automatic payment to Juniper Lane Therapy did not go through',
    '$95.00 was not charged.',
    'Juniper Lane Therapy',
    'Your bank refused this payment. Nothing was charged.',
    '$95.00',
    'Pay $95.00:',
    'https://billing.example/pay#t=v1.shr_1.abc',
    'Card: Visa •••• 4242',
    'Bill number: JUN-1048',
    'We try this card again on December 6, 2026, unless the bill is paid by then.',
    'Pay with any card on the page that the button opens.',
    'There you can also give another card for automatic payments.',
  ],
  card_expiring: [
    'Your card on file with Juniper Lane Therapy expires soon',
    'Visa •••• 4242 is good until the end of December 2026.',
    'Juniper Lane Therapy',
    'Your card for automatic payments is good until the end of December 2026.',
    'Card: Visa •••• 4242',
    'Give us a new card in the client portal: https://billing.example/client',
  ],
  overdue_reminder: [
    'A reminder from Juniper Lane Therapy',
    '$95.00 was due on November 3, 2026.',
    'Juniper Lane Therapy',
    'Still due',
    '$95.00',
    'Pay $95.00:',
    'https://billing.example/pay#t=v1.shr_1.abc',
    'Was due: November 3, 2026',
    'Bill number: JUN-1048',
    'If you have paid already, thank you: nothing more is to do.',
  ],
  autopay_preview: [
    'AutoPay tonight at Juniper Lane Therapy',
    '12 charges, $1,545.00 in all.',
    'Juniper Lane Therapy',
    'AutoPay of December 4, 2026 will charge',
    '$1,545.00',
    'Charges: 12',
    'Passed over: 3',
    'Look at them, or hold a bill, before midnight: https://billing.example/',
  ],
  digest: [
    'Your day at Juniper Lane Therapy',
    'AutoPay charges: 11, AutoPay refused: 1',
    'Juniper Lane Therapy',
    'What happened up to December 4, 2026',
    'AutoPay charges: 11, $1,410.00',
    'AutoPay refused: 1',
    'See what waits for you: https://billing.example/',
  ],
};

const kinds = Object.keys(everyMail) as (keyof typeof everyMail)[];
const stops = (kind: string): string => {
  // Nobody gets a code but who asks for one.
  if (kind === 'sign_in') return 'If it was not you, do nothing';
  // It has no switch of its own: it comes with AutoPay.
  if (kind === 'autopay_preview') return 'on evenings before AutoPay charges';
  return kind === 'digest' ? 'an admin switches it off in the automation settings' : 'To stop it';
};

describe.each(kinds)('the mail %s', kind => {
  const mail = everyMail[kind];

  it('contains just this', () => {
    expect(contentsOf(mail)).toEqual(contents[kind]);
  });

  it('says in HTML all that its text says', () => {
    const shown = mail.html
      .replace(/<style>.*?<\/style>/s, '')
      .replace(/<[^>]*>/g, '')
      .replaceAll('&nbsp;', ' ');
    const words = mail.text.replace(/^--$/m, '').split(/\n|: /);
    const [links, said] = [words.filter(isLink), words.filter(each => !isLink(each))];
    expect(said.filter(each => !shown.includes(each.replace(/:$/, '')))).toEqual([]);
    expect(links.filter(each => !mail.html.includes(`href="${each}"`))).toEqual([]);
  });

  it('is readable on a phone and in dark mode, and tells how to stop it', () => {
    expect(mail.html).toContain('width=device-width');
    expect(mail.html).toContain('prefers-color-scheme:dark');
    expect(mail.text).toContain(stops(kind));
  });
});
const isLink = (word: string): boolean => /^https?:/.test(word);

describe('where questions go (S66)', () => {
  const questions = (more: object): string => {
    const { practiceEmail: _, ...facts } = mailFacts;
    const paidOn = '2026-11-23' as CalendarDate;
    const mail = paymentReceiptMessage({ ...facts, amountCents: 1, paidOn, receiptNumber: '1', ...more });
    return mail.text.split('--\n')[1]?.split('\n')[0] ?? '';
  };

  it.each([
    [{ practiceEmail: 'a@b.example' }, 'Questions? Reply to this mail, or write to a@b.example.'],
    [{}, 'Questions? Reply to this mail.'],
    [{ noReply: true }, 'Questions? Ask Juniper Lane Therapy.'],
  ])('%j', (more, words) => {
    expect(questions(more)).toBe(words);
  });
});
