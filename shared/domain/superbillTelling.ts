import type { Session } from './session';
import type { SuperbillText } from './superbill';
import type { SuperbillLine } from './superbillLines';

/**
 * What a superbill says, as one text: it is out of date once its sessions and their bills would say another. What it does
 * not show, such as a comment on the bill or a hold of AutoPay, changes nothing.
 */
export const tellingOf = (lines: readonly SuperbillLine[]): string =>
  JSON.stringify(
    lines.map(line => [
      line.billId,
      line.sessionId,
      line.dateOfService,
      line.code,
      line.description,
      line.modifiers,
      line.diagnoses,
      line.units,
      line.chargeCents,
      line.paidCents,
      line.practitionerId,
    ]),
  );

/** What the sessions themselves tell a superbill, as one text: only when it or a bill has changed are the bills read. */
export const notesOf = (sessions: readonly Session[]): string =>
  JSON.stringify(
    [...sessions]
      .sort((a, b) => (a.sessionId < b.sessionId ? -1 : 1))
      .map(({ sessionId, services }) => [
        sessionId,
        services.map(({ code, modifiers, diagnoses }) => [code, modifiers, diagnoses]),
      ]),
  );

export type Missing =
  | ({ readonly what: 'diagnosis' } & Pick<SuperbillLine, 'sessionId' | 'dateOfService' | 'code'>)
  | { readonly what: 'npi'; readonly memberId: string };

/** What an insurer will miss on it: it is made all the same, and can be reissued once that is mended. */
export const missingOf = ({ lines, provider }: Pick<SuperbillText, 'lines' | 'provider'>): Missing[] => [
  ...lines
    .filter(({ diagnoses }) => diagnoses.length === 0)
    .map(({ sessionId, dateOfService, code }) => ({ what: 'diagnosis' as const, sessionId, dateOfService, code })),
  ...(provider.npi ? [] : [{ what: 'npi' as const, memberId: provider.memberId }]),
];
