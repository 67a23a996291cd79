import type { Content, TableCell } from 'pdfmake/interfaces';
import type { BillForPaper, PaperLine } from './billForPaper';
import { isPayable, payBox } from './billPayBox';
import { totalsOf } from './billTotals';
import { described, documentTable, figure, figureColumn, roomIn, type TableColumn } from './documentTable';
import { letterheadBlock, parties } from './letterhead';
import { longDate, money, type Paper, paper, shortDate } from './paper';

/**
 * The bill's paper: a pure function of the bill, so that the same bill gives the same bytes. Each call makes a fresh
 * definition, because rendering writes into it.
 */
export function billDocument(bill: BillForPaper): Paper {
  const { letterhead, number, issuedAt, issuedOn } = bill;
  return paper({
    letterhead,
    logo: bill.logo,
    title: `Bill ${number}`,
    issuedAt,
    questions: letterhead.email ? `Questions about this bill? Write to ${letterhead.email}` : letterhead.practiceName,
    content: [
      letterheadBlock(letterhead, { title: `Bill ${number}`, note: `Issued ${longDate(issuedOn)}`, logo: bill.logo }),
      partiesOf(bill),
      ...lineTable(bill),
      ...payBox(bill),
    ],
  });
}

function partiesOf(bill: BillForPaper): Content {
  const { recipient, clientName, insurer } = bill;
  const forClient = clientName === recipient.name ? [] : [`For ${clientName}`];
  return parties(
    bill.letterhead,
    [
      { label: 'Bill to', name: recipient.name, lines: [...(recipient.address ?? []), ...forClient] },
      insurer
        ? {
            label: 'Insurance',
            name: insurer.name,
            lines: insurer.memberId ? [`Member ${masked(insurer.memberId)}`] : [],
          }
        : undefined,
    ],
    dueWords(bill),
  );
}

/** Enough of a member number to know it by, not enough to use it. */
const masked = (memberId: string): string =>
  `${memberId.slice(0, Math.max(2, memberId.length - 4)).slice(0, 5)} \u2022\u2022\u2022`;

function dueWords(bill: BillForPaper): { label: string; amount: string; note: string } {
  const amount = money(bill.clientBalanceCents, bill.letterhead.currency);
  if (bill.status === 'cancelled') return { label: 'Cancelled', amount: 'Not payable', note: 'Nothing is due.' };
  if (bill.clientBalanceCents > 0) {
    return { label: 'Amount due from you', amount, note: `by ${longDate(bill.dueOn)}` };
  }
  const note = bill.status === 'awaiting_insurance' ? 'The insurer’s answer is awaited.' : 'Paid in full. Thank you.';
  return { label: 'Amount due from you', amount, note };
}

function lineTable(bill: BillForPaper): Content[] {
  const { letterhead, lines } = bill;
  const { currency } = letterhead;
  const split = bill.insurerPortionCents !== 0 || bill.insurer !== undefined;
  const columns: TableColumn[] = [
    { head: 'Date', width: 66 },
    { head: 'Service', width: '*' },
    { head: 'Units', width: 32, right: true },
    figureColumn(
      'Amount',
      lines.map(line => line.amountCents),
      currency,
    ),
  ];
  if (split) {
    columns.push(
      figureColumn(
        'Insurance',
        lines.map(line => line.insurerPortionCents),
        currency,
      ),
      figureColumn(
        'Your part',
        lines.map(line => line.clientPortionCents),
        currency,
      ),
    );
  }
  const room = roomIn(columns, letterhead);
  return documentTable({
    letterhead,
    columns,
    rows: lines.map(line => lineRow(line, bill, { split, room })),
    totals: totalsOf(bill),
    notes: [{ label: 'Comments', text: bill.comments }, ...(isPayable(bill) ? [] : [{ text: bill.footer }])],
  });
}

function lineRow(
  line: PaperLine,
  { letterhead }: BillForPaper,
  { split, room }: { split: boolean; room: number },
): TableCell[] {
  const { currency, serviceDescription } = letterhead;
  const custom = line.kind === 'service' && serviceDescription.mode === 'custom';
  const details = [custom ? undefined : line.code, line.practitionerName].filter(Boolean).join(' · ');
  return [
    { text: line.dateOfService ? shortDate(line.dateOfService) : '', noWrap: true },
    described(custom ? (serviceDescription.text ?? line.description) : line.description, details, room),
    { text: String(line.units), alignment: 'right', noWrap: true },
    figure(line.amountCents, currency),
    ...(split ? [figure(line.insurerPortionCents, currency), figure(line.clientPortionCents, currency)] : []),
  ];
}
