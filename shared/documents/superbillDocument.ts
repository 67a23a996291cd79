import type { Content, TableCell } from 'pdfmake/interfaces';
import type { Letterhead } from '../domain/billRecord';
import type { CalendarDate, Instant } from '../domain/calendar';
import type { Cents } from '../domain/money';
import type { Superbill, SuperbillText } from '../domain/superbill';
import { described, documentTable, figure, figureColumn, roomIn, type TableColumn } from './documentTable';
import { letterheadBlock, parties, partyBelow } from './letterhead';
import type { LogoPicture } from './logo/logoPicture';
import { longDate, money, type Paper, paper, shortDate } from './paper';
import { versioned } from './statementDocument';

/** All that an insurer asks for (`domain.md` 2.6). Clinical: this paper goes to nobody by an open link (rule 66). */
export interface SuperbillForPaper {
  readonly letterhead: Letterhead;
  readonly logo?: LogoPicture;
  readonly provider: { readonly name: string; readonly npi?: string; readonly taxonomy?: string };
  readonly clientName: string;
  readonly clientAddress: readonly string[];
  readonly dateOfBirth?: CalendarDate;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly version: number;
  readonly createdOn: CalendarDate;
  /** Stands in the file as its creation date, so that the same superbill gives the same bytes. */
  readonly createdAt: Instant;
  /** Whom the insurer shall pay; absent where the practice leaves it out. */
  readonly payee?: { readonly name: string; readonly address: readonly string[] };
  readonly lines: readonly SuperbillLineForPaper[];
  readonly chargedCents: Cents;
  readonly paidCents: Cents;
  readonly footer: string;
}

export interface SuperbillLineForPaper {
  readonly billNumber: string;
  readonly dateOfService: CalendarDate;
  readonly code: string;
  readonly description: string;
  readonly modifiers: readonly string[];
  readonly units: number;
  /** ICD-10, in the session's order. */
  readonly diagnoses: readonly string[];
  readonly chargeCents: Cents;
  readonly paidCents: Cents;
  /** Who treated the client, where it was not the provider, and whether the provider supervised it. */
  readonly treatedBy?: { readonly name: string; readonly supervised: boolean };
}

/** What is kept of a superbill, as its paper shows it. */
export function superbillForPaper({
  superbill,
  text,
}: {
  superbill: Superbill;
  text: SuperbillText;
}): SuperbillForPaper {
  const { treatedBy, supervised = [], lines, ...rest } = text;
  return {
    ...superbill,
    ...rest,
    lines: lines.map(line => {
      const name = treatedBy[line.practitionerId];
      if (name === undefined) return line;
      return { ...line, treatedBy: { name, supervised: supervised.includes(line.practitionerId) } };
    }),
  };
}

/** The superbill's paper: a pure function, and a fresh definition each call, because rendering writes into it. */
export function superbillDocument(superbill: SuperbillForPaper): Paper {
  const { letterhead, chargedCents, paidCents, version } = superbill;
  const { email, practiceName, currency } = letterhead;
  const columns = columnsOf(superbill);
  const room = roomIn(columns, letterhead);
  return paper({
    letterhead,
    logo: superbill.logo,
    title: versioned('Superbill', version),
    issuedAt: superbill.createdAt,
    questions: email ? `Questions about this superbill? Write to ${email}` : practiceName,
    content: [
      letterheadBlock(letterhead, {
        title: versioned('Superbill', version),
        note: `Made on ${longDate(superbill.createdOn)}`,
        logo: superbill.logo,
      }),
      ...partiesOf(superbill),
      ...documentTable({
        letterhead,
        columns,
        rows: superbill.lines.map(line => rowOf(line, { currency, room, provider: superbill.provider.name })),
        // What is left says nothing to an insurer: it may be owed, written off, or paid by insurers before.
        totals: [
          { label: 'Total charges', cents: chargedCents },
          { label: 'Paid by the client', cents: paidCents, weight: 'closing', rule: 'dark' },
        ],
        notes: [{ text: superbill.footer }],
      }),
    ],
  });
}

function partiesOf(superbill: SuperbillForPaper): Content[] {
  const { letterhead, provider, payee, dateOfBirth, from, to } = superbill;
  const born = dateOfBirth ? [`Born ${longDate(dateOfBirth)}`] : [];
  const ids = [
    ...(provider.npi ? [`NPI ${provider.npi}`] : []),
    ...(provider.taxonomy ? [`Taxonomy ${provider.taxonomy}`] : []),
  ];
  const client = { label: 'Client', name: superbill.clientName, lines: [...born, ...superbill.clientAddress] };
  const figures = {
    label: 'Paid by the client',
    amount: money(superbill.paidCents, letterhead.currency),
    note: `${shortDate(from)} to ${shortDate(to)}`,
  };
  return [
    parties(letterhead, [client, { label: 'Provider', name: provider.name, lines: ids }], figures),
    ...(payee ? [partyBelow(letterhead, { label: 'Please pay', name: payee.name, lines: payee.address })] : []),
  ];
}

/** Has room for the number of a bill below the date. */
const dateWidth = 66;

const columnsOf = ({ lines, letterhead: { currency } }: SuperbillForPaper): TableColumn[] => [
  { head: 'Date', width: dateWidth },
  { head: 'Code', width: 62 },
  { head: 'Service', width: '*' },
  { head: 'Diagnoses', width: 62 },
  { head: 'Units', width: 30, right: true },
  figureColumn(
    'Charge',
    lines.map(line => line.chargeCents),
    currency,
  ),
  figureColumn(
    'Paid',
    lines.map(line => line.paidCents),
    currency,
  ),
];

interface Row {
  readonly currency: string;
  /** Of the service's column. */
  readonly room: number;
  readonly provider: string;
}

const treatment = ({ treatedBy }: SuperbillLineForPaper, provider: string): string =>
  treatedBy ? `Treated by ${treatedBy.name}${treatedBy.supervised ? `, supervised by ${provider}` : ''}` : '';

const rowOf = (line: SuperbillLineForPaper, { currency, room, provider }: Row): TableCell[] => [
  described(shortDate(line.dateOfService), `Bill ${line.billNumber}`, dateWidth),
  described(line.code, line.modifiers.length > 0 ? `Mod. ${line.modifiers.join(', ')}` : '', 62),
  described(line.description, treatment(line, provider), room),
  { text: line.diagnoses.join(', ') },
  { text: String(line.units), alignment: 'right', noWrap: true },
  figure(line.chargeCents, currency),
  figure(line.paidCents, currency),
];
