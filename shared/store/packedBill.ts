import type { BillHead, BillStatus, BillText, Letterhead } from '../domain/billRecord';
import type { BillLine, LineKind, Responsibility } from '../domain/book';
import type { CalendarDate } from '../domain/calendar';
import type { Cents } from '../domain/money';
import { coding, type Fields, type NameOfEach, naming } from './naming';

/**
 * A bill's head stands in up to three indexes and is put whole by each change: it must stay under 1 KB also when every
 * field is as long as it may be. Its text is what grows with the lines, so these are stored as tuples
 * (`test/store/weights.test.ts`).
 */
const holdNames: NameOfEach<NonNullable<BillHead['hold']>> = { reason: 'w', refundId: 'i' };
const sharingNames: NameOfEach<BillHead['sharing']> = {
  status: 's',
  scheduledAt: 'on',
  sharedAt: 'at',
  delivery: 'd',
  blockedReason: 'w',
  viewedAt: 'v',
};
const recipientNames: NameOfEach<BillText['recipient']> = { kind: 'k', id: 'i', name: 'n', email: 'm' };
const letterheadNames: NameOfEach<Letterhead> = {
  practiceName: 'n',
  address: 'a',
  email: 'm',
  taxId: 't',
  npi: 'i',
  currency: 'c',
  timeZone: 'z',
  paperSize: 'p',
  serviceDescription: 's',
  logo: 'l',
};
const names = {
  hold: naming(holdNames),
  sharing: naming(sharingNames),
  recipient: naming(recipientNames),
  letterhead: naming(letterheadNames),
};

const statusCodes: Readonly<Record<BillStatus, string>> = {
  open: 'o',
  partially_paid: 'p',
  awaiting_insurance: 'i',
  paid: 'd',
  cancelled: 'c',
};
const responsibilityCodes: Readonly<Record<Responsibility, string>> = { self_pay: 's', insurance: 'i', external: 'e' };
const codes = { status: coding(statusCodes), responsibility: coding(responsibilityCodes) };

/** The key says which bill, and as a rule which client (`table.ts`). */
export const packHead = ({
  billId: _,
  ...head
}: Omit<BillHead, 'clientId'> & { clientId?: string | undefined }): Fields => ({
  ...head,
  status: codes.status.shorten(head.status),
  responsibility: codes.responsibility.shorten(head.responsibility),
  sharing: names.sharing.shorten(head.sharing),
  hold: head.hold && names.hold.shorten(head.hold),
});

interface PackedHead {
  readonly status: string;
  readonly responsibility: string;
  readonly sharing: Fields;
  readonly hold?: Fields;
}

export function unpackHead(fields: Fields): Fields {
  const { status, responsibility, sharing, hold, ...rest } = fields as Fields & PackedHead;
  return {
    ...rest,
    status: codes.status.lengthen(status),
    responsibility: codes.responsibility.lengthen(responsibility),
    sharing: names.sharing.lengthen(sharing),
    ...(hold ? { hold: names.hold.lengthen(hold) } : {}),
  };
}

export const packText = ({ billId: _, ...text }: BillText): Fields => ({
  ...text,
  lines: text.lines.map((line, at) => packLine(line, text.lines[at - 1])),
  recipient: names.recipient.shorten(text.recipient),
  letterhead: names.letterhead.shorten(text.letterhead),
});

export function unpackText(fields: Fields): Fields {
  const { lines, recipient, letterhead, ...rest } = fields as Fields & {
    readonly lines: readonly PackedLine[];
    readonly recipient: Fields;
    readonly letterhead: Fields;
  };
  const unpacked: BillLine[] = [];
  for (const line of lines) unpacked.push(unpackLine(line, unpacked.at(-1)));
  return {
    ...rest,
    lines: unpacked,
    recipient: names.recipient.lengthen(recipient),
    letterhead: names.letterhead.lengthen(letterhead),
  };
}

const lineKindCodes: Readonly<Record<LineKind, string>> = { service: 's', product: 'p', no_show: 'n', adjustment: 'a' };
const lineKinds = coding(lineKindCodes);

/** What the line before it has too is 0; what a line lacks is the empty text. */
type PackedLine = readonly [
  lineId: string,
  kind: string,
  session: string | 0,
  dateOfService: CalendarDate | '',
  code: string | 0,
  description: string | 0,
  units: number,
  unitPriceCents: Cents,
  amountCents: Cents,
  clientPortionCents: Cents,
  insurerPortionCents: Cents,
  writeOffCents: Cents,
];

const packLine = (line: BillLine, before: BillLine | undefined): PackedLine => [
  line.lineId,
  lineKinds.shorten(line.kind),
  unlessAgain(line.sessionId, before?.sessionId),
  line.dateOfService ?? '',
  unlessAgain(line.code, before?.code),
  unlessAgain(line.description, before?.description),
  line.units,
  line.unitPriceCents,
  line.amountCents,
  line.clientPortionCents,
  line.insurerPortionCents,
  line.writeOffCents,
];

const unlessAgain = (text: string | undefined, before: string | undefined): string | 0 =>
  text !== undefined && text === before ? 0 : (text ?? '');

function unpackLine(packed: PackedLine, before: BillLine | undefined): BillLine {
  const [lineId, kind, session, dateOfService, lineCode, text, units, ...amounts] = packed;
  const [unitPriceCents, amountCents, clientPortionCents, insurerPortionCents, writeOffCents] = amounts;
  const sessionId = session === 0 ? before?.sessionId : session;
  const code = lineCode === 0 ? before?.code : lineCode;
  return {
    lineId,
    kind: lineKinds.lengthen(kind),
    ...(sessionId ? { sessionId } : {}),
    ...(dateOfService ? { dateOfService } : {}),
    ...(code ? { code } : {}),
    description: text === 0 ? (before?.description ?? '') : text,
    units,
    unitPriceCents,
    amountCents,
    clientPortionCents,
    insurerPortionCents,
    writeOffCents,
  };
}
