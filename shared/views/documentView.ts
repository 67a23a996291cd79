import type * as z from 'zod';
import type { BillHead } from '../domain/billRecord';
import type { CalendarDate } from '../domain/calendar';
import { cents } from '../domain/money';
import { billableCents, type Session, sessionBilling } from '../domain/session';
import type { Statement } from '../domain/statement';
import type { Superbill } from '../domain/superbill';
import type { listDocumentsRow } from '../operations/documents';
import type { StatusOf } from '../store/documentStatus';
import type { Item } from '../store/kernel';
import { billHeadEntity, sessionEntity, statementEntity, superbillEntity } from '../store/table';

type DocumentView = z.input<(typeof listDocumentsRow.answers)[200]>['items'][number];

/** What a line depends on beside its own item. */
interface Around {
  readonly today: CalendarDate;
  /** Of the statements and superbills on the page. */
  readonly statusOf: StatusOf;
}

/** One line of the Documents tab. A new kind of document adds its entity to the `people` index and a line here. */
export function documentView(item: Item, { today, statusOf }: Around): DocumentView[] {
  if (sessionEntity.is(item)) return [ofSession(sessionEntity.record(item))];
  if (billHeadEntity.is(item)) return [ofBill(billHeadEntity.record(item), today)];
  if (statementEntity.is(item)) return [ofStatement(statementEntity.record(item), statusOf)];
  if (superbillEntity.is(item)) return [ofSuperbill(superbillEntity.record(item), statusOf)];
  return [];
}

function ofSession(session: Session): DocumentView {
  const amountCents = billableCents(session);
  return {
    kind: 'session',
    id: session.sessionId,
    on: session.dateOfService,
    title: titleOf(session),
    amountCents,
    balanceCents: amountCents,
    status: sessionBilling(session),
    sharing: null,
  };
}

const titleOf = ({ status, services }: Session): string =>
  status === 'completed'
    ? services.map(({ code, description }) => `${code} ${description}`).join(', ')
    : status.replace('_', ' ');

function ofBill(head: BillHead, today: CalendarDate): DocumentView {
  return {
    kind: 'bill',
    id: head.billId,
    on: head.issuedOn,
    title: `Bill ${head.number}`,
    amountCents: head.totalCents,
    balanceCents: cents(head.clientBalanceCents + head.insurerBalanceCents),
    status: head.status,
    overdue: head.clientBalanceCents > 0 && head.dueOn < today,
    dueOn: head.dueOn,
    sharing: head.sharing,
  };
}

/** What it says is owed is owed on bills: nothing is due on the statement itself. */
const ofStatement = (statement: Statement, statusOf: StatusOf): DocumentView => ({
  kind: 'statement',
  id: statement.statementId,
  on: statement.createdOn,
  title: `Statement ${statement.from} to ${statement.to}`,
  amountCents: statement.closingCents,
  balanceCents: 0,
  status: statusOf(statement),
  sharing: statement.sharing,
});

const ofSuperbill = (superbill: Superbill, statusOf: StatusOf): DocumentView => ({
  kind: 'superbill',
  id: superbill.superbillId,
  on: superbill.createdOn,
  title: `Superbill ${superbill.from} to ${superbill.to}`,
  amountCents: superbill.chargedCents,
  balanceCents: 0,
  status: statusOf(superbill),
  sharing: superbill.sharing,
});
