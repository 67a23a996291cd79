import type { TableCell } from 'pdfmake/interfaces';
import type { Letterhead } from '../domain/billRecord';
import type { CalendarDate, Instant } from '../domain/calendar';
import type { Cents } from '../domain/money';
import type { Statement, StatementText } from '../domain/statement';
import {
  described,
  documentTable,
  figure,
  figureColumn,
  roomIn,
  type TableColumn,
  type TotalsRow,
} from './documentTable';
import { letterheadBlock, parties } from './letterhead';
import type { LogoPicture } from './logo/logoPicture';
import { longDate, money, type Paper, paper, shortDate } from './paper';

/** All that the paper of a statement shows (R18 to R22). Amounts are the client's alone; nothing clinical has a place. */
export interface StatementForPaper {
  readonly letterhead: Letterhead;
  readonly logo?: LogoPicture;
  readonly recipientName: string;
  /** Empty unless the client is the recipient: where one parent lives is not for the other to read. */
  readonly recipientAddress: readonly string[];
  readonly clientName: string;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly version: number;
  readonly createdOn: CalendarDate;
  /** Stands in the file as its creation date, so that the same statement gives the same bytes. */
  readonly createdAt: Instant;
  /** Positive: owed by the client; negative: in credit. */
  readonly openingCents: Cents;
  readonly closingCents: Cents;
  /** Its two parts: owed on bills, and kept as credit. */
  readonly closingBalanceCents: Cents;
  readonly closingCreditCents: Cents;
  /** In order; the opening balance and the changes up to an entry are its balance. */
  readonly entries: readonly StatementEntryForPaper[];
  readonly comments: string;
}

export interface StatementEntryForPaper {
  readonly on: CalendarDate;
  readonly kind: string;
  readonly description: string;
  readonly amountCents: Cents;
  /** Credit that came (positive) or went; one that pays a bill changes the balance by nothing. */
  readonly creditCents: Cents;
  readonly balanceCents: Cents;
}

/** What is kept of a statement, as its paper shows it. A contact has no address with us, and the client's own stays with the client. */
export const statementForPaper = ({
  statement,
  text,
}: {
  statement: Statement;
  text: StatementText;
}): StatementForPaper => ({
  ...statement,
  ...text,
  recipientName: statement.recipient.name,
  recipientAddress: statement.recipient.kind === 'client' ? text.clientAddress : [],
});

/** The statement's paper: a pure function, and a fresh definition each call, because rendering writes into it. */
export function statementDocument(statement: StatementForPaper): Paper {
  const { letterhead, from, to, closingCents, createdAt, clientName, recipientName } = statement;
  const { currency, email, practiceName } = letterhead;
  const columns = columnsOf(statement);
  const forClient = clientName === recipientName ? [] : [`For ${clientName}`];
  // Of days to come nothing is known yet.
  const isToCome = to > statement.createdOn;
  return paper({
    letterhead,
    logo: statement.logo,
    title: versioned('Statement', statement.version),
    issuedAt: createdAt,
    questions: email ? `Questions about this statement? Write to ${email}` : practiceName,
    content: [
      letterheadBlock(letterhead, {
        title: versioned('Statement', statement.version),
        note: `Made on ${longDate(statement.createdOn)}`,
        logo: statement.logo,
      }),
      parties(
        letterhead,
        [
          { label: 'For', name: recipientName, lines: [...statement.recipientAddress, ...forClient] },
          { label: 'Period', name: shortDate(from), lines: [`to ${shortDate(to)}`] },
        ],
        {
          label: closingCents < 0 ? 'In your favour' : 'Balance',
          amount: money(Math.abs(closingCents), currency),
          note: [
            `on ${longDate(isToCome ? statement.createdOn : to)}`,
            ...inTwoParts(statement).map(part => `${part.label} ${part.text}`),
          ].join('\n'),
        },
      ),
      ...documentTable({
        letterhead,
        columns,
        rows: rowsOf(statement, columns),
        totals: sumsOf(statement),
        notes: [{ label: 'Comments', text: statement.comments }],
      }),
    ],
  });
}

/** The first is what everybody expects; a later one says that there was one before it. */
export const versioned = (title: string, version: number): string =>
  version === 1 ? title : `${title}, version ${version}`;

const columnsOf = ({ openingCents, entries, letterhead: { currency } }: StatementForPaper): TableColumn[] => [
  { head: 'Date', width: 66 },
  { head: 'What', width: '*' },
  figureColumn(
    'Amount',
    entries.map(entry => entry.amountCents),
    currency,
  ),
  figureColumn('Balance', [openingCents, ...entries.map(entry => entry.balanceCents)], currency),
];

function rowsOf(statement: StatementForPaper, columns: readonly TableColumn[]): TableCell[][] {
  const { from, openingCents, entries, letterhead } = statement;
  const { currency } = letterhead;
  const room = roomIn(columns, letterhead);
  return [
    [
      { text: shortDate(from), noWrap: true },
      { text: 'Opening balance', noWrap: true },
      { text: '' },
      figure(openingCents, currency),
    ],
    ...entries.map(entry => [
      { text: shortDate(entry.on), noWrap: true },
      described(...wordsOf(entry, currency), room),
      figure(entry.amountCents, currency),
      figure(entry.balanceCents, currency),
    ]),
  ];
}

/** Credit that paid a bill changed the balance by nothing, so its sum stands with the words; beside a sum, its part does. */
function wordsOf(entry: StatementEntryForPaper, currency: string): [text: string, details: string] {
  const { description, amountCents, creditCents } = entry;
  const credit = money(Math.abs(creditCents), currency);
  if (creditCents === 0 || amountCents === -creditCents) return [description, ''];
  if (amountCents === 0) return [`${description} (${credit})`, ''];
  return [description, creditCents > 0 ? `${credit} of it kept as credit` : `${credit} of it from credit`];
}

/** Only where there are two: a sum alone says it all. */
function inTwoParts(statement: StatementForPaper) {
  const { closingBalanceCents, closingCreditCents, letterhead } = statement;
  if (closingBalanceCents === 0 || closingCreditCents === 0) return [];
  const part = (label: string, cents: number) => ({ label, cents, text: money(Math.abs(cents), letterhead.currency) });
  return [part('Owed on bills', closingBalanceCents), part('Kept as credit', 0 - closingCreditCents)];
}

/** Charges and what went against them, so that a long list can be checked at a glance. */
function sumsOf(statement: StatementForPaper): TotalsRow[] {
  const { openingCents, closingCents, entries } = statement;
  let [up, down] = [0, 0];
  for (const { amountCents } of entries) {
    if (amountCents > 0) up += amountCents;
    else down += amountCents;
  }
  return [
    { label: 'Opening balance', cents: openingCents },
    { label: 'Charges and refunds', cents: up },
    { label: 'Payments, credits and reductions', cents: down },
    {
      label: closingCents < 0 ? 'Closing balance, in your favour' : 'Closing balance',
      cents: closingCents,
      weight: 'closing',
      rule: 'dark',
    },
    ...inTwoParts(statement).map(({ label, cents }) => ({ label, cents })),
  ];
}
