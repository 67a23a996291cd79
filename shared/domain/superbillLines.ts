import { type LineNow, splitOverLines } from './billAmounts';
import type { CalendarDate } from './calendar';
import { type Cents, cents } from './money';
import type { Service } from './practice';
import type { Session, SessionService } from './session';

/** A service as an insurer reads it. */
export interface SuperbillLine {
  readonly billId: string;
  readonly billNumber: string;
  readonly sessionId: string;
  readonly dateOfService: CalendarDate;
  readonly code: string;
  readonly description: string;
  readonly modifiers: readonly string[];
  /** ICD-10, from the session, in its order. */
  readonly diagnoses: readonly string[];
  readonly units: number;
  readonly chargeCents: Cents;
  /** The client's money on this line: net of refunds, without discounts (`ledger.md` section 5). */
  readonly paidCents: Cents;
  readonly practitionerId: string;
}

/** A bill as superbills look at it. */
export interface BillForSuperbill {
  readonly billId: string;
  readonly number: string;
  readonly version: number;
  readonly cancelled: boolean;
  readonly lines: readonly LineNow[];
  /** Net of refunds, credits and discounts included. */
  readonly clientPaidCents: Cents;
  readonly discountCents: Cents;
}

/** What superbills are made from. */
export interface Served {
  readonly sessions: readonly Session[];
  /** At least those on which the sessions are. */
  readonly bills: readonly BillForSuperbill[];
  /** Of the catalogue, which says what is a CPT code. */
  readonly services: readonly Pick<Service, 'code' | 'kind'>[];
}

/**
 * The lines of completed sessions on live bills that carry a CPT code, by date of service; all else is left out
 * (`domain.md` 2.6). What the client paid on a bill is split over all its lines first, so that a product's part stays with
 * the product.
 */
export function superbillLines({ sessions, bills, services }: Served): SuperbillLine[] {
  const known = new Map(sessions.map(session => [session.sessionId, session]));
  const lines = bills
    .filter(({ cancelled }) => !cancelled)
    .flatMap(bill => {
      const paid = splitOverLines(
        cents(bill.clientPaidCents - bill.discountCents),
        bill.lines,
        line => line.clientPortionCents,
      );
      const behind = servicesBehind(bill.lines, known);
      return bill.lines.flatMap((line, index) => {
        const session = known.get(line.sessionId ?? '');
        const { code } = line;
        const fits = line.kind === 'service' && session && isOn(session, bill.billId) && isCptCode(code, services);
        if (!fits) return [];
        const place = { bill, line: { ...line, code }, session, service: behind.get(line), paid: paid[index] };
        return [{ session, line: lineOf(place) }];
      });
    });
  return lines.sort((a, b) => (placeOf(a.session) < placeOf(b.session) ? -1 : 1)).map(({ line }) => line);
}

const placeOf = ({ dateOfService, startsAt, sessionId }: Session): string => dateOfService + startsAt + sessionId;

const isOn = ({ billing }: Session, billId: string): boolean =>
  billing?.state === 'billed' && billing.billId === billId;

/** As the catalogue says; a code that it does not have, by the form of CPT: four digits, and a digit or a letter. */
export function isCptCode(code: string | undefined, services: Served['services']): code is string {
  if (code === undefined) return false;
  const kinds = services.filter(service => service.code === code).map(({ kind }) => kind);
  return kinds.length > 0 ? kinds.includes('cpt') : /^\d{4}[0-9A-Z]$/.test(code);
}

/**
 * Which service of its session each line is of, each service used once: the one in the same place with the same code,
 * else the next one with the same code. Where a session has as many lines as services, what is then left belongs together
 * in order: staff changed its code on the bill (R12), and what was done stayed what it was.
 */
function servicesBehind(
  lines: readonly LineNow[],
  sessions: ReadonlyMap<string, Session>,
): ReadonlyMap<LineNow, SessionService> {
  const found = new Map<LineNow, SessionService>();
  for (const { sessionId, services } of sessions.values()) {
    const own = lines.filter(line => line.kind === 'service' && line.sessionId === sessionId);
    const left = new Map(services.entries());
    const take = (line: LineNow, place: number | undefined): void => {
      const service = place === undefined ? undefined : left.get(place);
      if (place === undefined || !service || found.has(line)) return;
      found.set(line, service);
      left.delete(place);
    };
    const placeWith = (code: string | undefined) => [...left].find(([, service]) => service.code === code)?.[0];
    const alike = own.length === services.length;
    if (alike) for (const [place, line] of own.entries()) if (services[place]?.code === line.code) take(line, place);
    for (const line of own) if (!found.has(line)) take(line, placeWith(line.code));
    if (alike) for (const line of own) if (!found.has(line)) take(line, [...left.keys()][0]);
  }
  return found;
}

interface Place {
  readonly bill: BillForSuperbill;
  readonly line: LineNow & { readonly code: string };
  readonly session: Session;
  readonly service: SessionService | undefined;
  readonly paid: Cents | undefined;
}

function lineOf({ bill, line, session, service, paid }: Place): SuperbillLine {
  const { code, description, units, amountCents } = line;
  // What staff added on the bill alone was for the session as a whole.
  const noted = service ? [service] : session.services;
  return {
    billId: bill.billId,
    billNumber: bill.number,
    sessionId: session.sessionId,
    dateOfService: session.dateOfService,
    code,
    description,
    modifiers: distinct(service?.modifiers ?? []),
    diagnoses: distinct(noted.flatMap(({ diagnoses }) => diagnoses)),
    units,
    chargeCents: amountCents,
    paidCents: paid ?? cents(0),
    practitionerId: session.practitionerId,
  };
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];
