import { config } from '../config';
import { linesNow } from '../domain/billAmounts';
import { invariant } from '../domain/invariant';
import { type Loaded, recordOf } from '../store/billStore';
import { getItems } from '../store/kernel';
import { payerEntity, policyEntity, practiceEntity } from '../store/table';
import { billDocument } from './billDocument';
import { type BillForPaper, movementsOnPaper } from './billForPaper';
import { billKey, type DocumentStore, documentStore } from './documentStore';
import { logoOf } from './logo/paperLogo';
import { renderPdf } from './pdf';

export interface BillPdf {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly filename: string;
}

/** The bill on paper: found under what it says now, or rendered on first need and kept. */
export async function billPdf(
  loaded: Loaded,
  billId: string,
  documents: DocumentStore = documentStore,
): Promise<BillPdf> {
  const { head, text } = recordOf(loaded, billId);
  const { practiceId } = loaded;
  const paper = paperOf(loaded, billId, await namesOf(loaded, billId));
  const key = billKey({ practiceId, billId, version: head.version, paper });
  const filename = `Bill ${head.number}.pdf`;
  const kept = await documents.find(key);
  if (kept) return { key, bytes: kept, filename };
  const logo = await logoOf(practiceId, text.letterhead, documents);
  const bytes = await renderPdf(billDocument({ ...paper, ...logo }));
  await documents.keep(key, bytes);
  return { key, bytes, filename };
}

interface Names {
  readonly insurer?: { readonly name: string; readonly memberId?: string };
  readonly payUrl?: string;
}

/** What the paper shows that stands on other records: the insurer, and where to pay while the practice takes cards. */
async function namesOf(loaded: Loaded, billId: string): Promise<Names> {
  const { practiceId } = loaded;
  const { head } = recordOf(loaded, billId);
  const { clientId, payerId, policyId, number } = head;
  const items = await getItems([
    practiceEntity.key(practiceId, { practiceId }),
    ...(payerId ? [payerEntity.key(practiceId, { payerId })] : []),
    ...(policyId ? [policyEntity.key(practiceId, { clientId, policyId })] : []),
  ]);
  const practice = items.filter(practiceEntity.is).map(practiceEntity.record)[0];
  const payer = items.filter(payerEntity.is).map(payerEntity.record)[0];
  const memberId = items.filter(policyEntity.is).map(policyEntity.record)[0]?.memberId;
  const online = practice?.onlinePayments && practice.stripe.status === 'ready' && head.responsibility !== 'external';
  return {
    ...(payer ? { insurer: { name: payer.name, ...(memberId ? { memberId } : {}) } } : {}),
    // Never the link's token: the file is kept, and whoever finds it must still know the code.
    ...(online ? { payUrl: `${new URL('/pay', config.publicUrl()).href}#n=${number}` } : {}),
  };
}

function paperOf(loaded: Loaded, billId: string, names: Names): BillForPaper {
  const { head, text, entries } = recordOf(loaded, billId);
  const facts = loaded.book.bills.get(billId);
  invariant(facts, `bill ${billId} is in the book`);
  return {
    letterhead: text.letterhead,
    number: head.number,
    status: head.status,
    issuedOn: head.issuedOn,
    dueOn: head.dueOn,
    issuedAt: head.createdAt,
    recipient: { name: text.recipient.name },
    clientName: head.clientName,
    lines: linesNow(facts, entries),
    totalCents: head.totalCents,
    insurerPortionCents: head.insurerPortionCents,
    writeOffCents: head.writeOffCents,
    clientPortionCents: head.clientPortionCents,
    clientBalanceCents: head.clientBalanceCents,
    movements: movementsOnPaper(entries),
    ...names,
    accessCode: text.accessCode,
    comments: text.comments,
    footer: text.footer,
  };
}

/** The gateway gives on at most 6 MB, base64 included. */
const mostBytes = 4_500_000;

/** Bytes, a link, or a redirect to one, as the caller accepts (clarification 33). */
export async function pdfAnswer(pdf: BillPdf, accept: string | undefined, documents: DocumentStore = documentStore) {
  const wanted = accept ?? '';
  if (wanted.includes('application/pdf') && pdf.bytes.length <= mostBytes) {
    return { status: 200 as const, body: new Uint8Array(pdf.bytes) };
  }
  const { url, expiresAt } = await documents.link(pdf.key, pdf.filename);
  if (wanted.includes('application/json')) return { status: 200 as const, body: { url, expiresAt } };
  const headers: Record<string, string> = { location: url };
  return { status: 302 as const, body: undefined, headers };
}
