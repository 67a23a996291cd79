import { superbillDocument, superbillForPaper } from '../../shared/documents/superbillDocument';
import { calendarDate, instant } from '../../shared/domain/calendar';
import { cents } from '../../shared/domain/money';
import type { Superbill, SuperbillText } from '../../shared/domain/superbill';
import { paperBill } from '../fixtures/paperBill';
import { paperWords } from '../fixtures/paperWords';

const on = calendarDate('2026-02-01');
const superbill: Superbill = {
  superbillId: 'sup',
  clientId: 'cli',
  clientName: 'Maya Okafor',
  from: on,
  to: on,
  version: 1,
  recipient: { kind: 'client', id: 'cli', name: 'Maya Okafor' },
  createdOn: on,
  createdAt: instant('2026-02-01T12:00:00Z'),
  by: { kind: 'system' },
  sessionIds: ['s'],
  billVersions: {},
  providerId: 'boss',
  chargedCents: cents(10_000),
  paidCents: cents(0),
  sharing: { status: 'not_shared', delivery: 'none' },
  revision: 1,
};
const line = (practitionerId: string): SuperbillText['lines'][number] => ({
  billId: 'bill',
  billNumber: 'OAK-1042',
  sessionId: 's',
  dateOfService: on,
  code: '90837',
  description: `by ${practitionerId}`,
  modifiers: [],
  diagnoses: ['F41.1'],
  units: 1,
  chargeCents: cents(10_000),
  paidCents: cents(0),
  practitionerId,
});
const kept: SuperbillText = {
  letterhead: paperBill().letterhead,
  clientAddress: [],
  provider: { memberId: 'boss', name: 'Sam Sorrel, PhD' },
  treatedBy: { trainee: 'Pat Pine', other: 'Noor Haddad' },
  supervised: ['trainee'],
  lines: ['boss', 'trainee', 'other'].map(line),
  footer: '',
};
const said = (text: SuperbillText): string => paperWords(superbillDocument(superbillForPaper({ superbill, text })));

it('each service says on which bill it is, and who treated the client under whose supervision, where it was not the provider', () => {
  const words = said(kept);
  expect(words.match(/Feb 1, 2026\|Bill OAK-1042\|90837/g)).toHaveLength(3);
  expect(words).toContain('by boss|F41.1');
  expect(words).toContain('by trainee|Treated by Pat Pine, supervised by Sam Sorrel, PhD|F41.1');
  expect(words).toContain('by other|Treated by Noor Haddad|F41.1');
  const { supervised, ...older } = kept;
  expect(supervised).toBeDefined();
  expect(said(older)).toContain('by trainee|Treated by Pat Pine|F41.1');
});
