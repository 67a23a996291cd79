import { handler as listAttention } from '../../../functions/attention/listAttention';
import { listAttentionRow } from '../../../shared/operations/attention';
import { bounceOf, Office } from '../../fixtures/sharing';
import { type OpenStore, openStore } from '../../fixtures/store';

const many = process.env.FULL ? 1_000 : 40;

let store: OpenStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

/** The same luck every time. */
function luck(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

test(`${many} shares due at one instant, while the mail service throttles, fails and loses answers: each recipient gets one mail, or staff are told why not (rule 61)`, async () => {
  const oak = await Office.open();
  const draw = luck(61);
  const bills = new Map<string, string>();
  for (let n = 0; n < many; n += 1) {
    const clientId = await oak.client({ email: `client${n}@example.com` });
    const { billId } = await oak.bill(clientId);
    await oak.share(billId, { body: { includePdf: false } });
    bills.set(`client${n}@example.com`, billId);
  }
  oak.mail.decides(() => {
    const drawn = draw();
    if (drawn < 0.3) return { outcome: 'throttled', code: 'TooManyRequestsException' };
    if (drawn < 0.4) return 'lost after sending';
    if (drawn < 0.5) return 'lost before sending';
    if (drawn < 0.55) return { outcome: 'suppressed', code: 'MessageRejected' };
    return drawn < 0.6 ? { outcome: 'rejected', code: 'BadRequestException' } : undefined;
  });
  // Sweeps come twice, messages come twice.
  for (let round = 0; round < 12; round += 1) {
    const messages = await oak.swept();
    await oak.work([...messages, ...messages]);
    await oak.work(await oak.swept());
    oak.wait(2 ** Math.min(round, 6));
  }
  const taken = oak.mail.taken.map(({ to }) => to.email);
  expect(new Set(taken).size).toBe(taken.length);
  const told = new Map<string, string>();
  let cursor: string | undefined;
  do {
    const query = { limit: '100', ...(cursor ? { cursor } : {}) };
    const { body } = await oak.ask(listAttentionRow, listAttention, { query });
    for (const { billId, kind } of body.items) told.set(billId, kind);
    cursor = body.nextCursor ?? undefined;
  } while (cursor);
  const missing: string[] = [];
  for (const [email, billId] of bills) {
    const { status, blockedReason } = (await oak.record(billId)).head.sharing;
    const gone = status === 'shared' && taken.includes(email);
    const inAttention = status === 'blocked' && blockedReason !== undefined && told.has(billId);
    if (gone === inAttention) missing.push(`${email} ${status} ${blockedReason} ${told.get(billId)}`);
  }
  expect(missing).toEqual([]);
});

test('an address that bounced takes no further mail, whoever shares with it (S62)', async () => {
  const oak = await Office.open();
  const clientId = await oak.client();
  const { billId } = await oak.bill(clientId);
  await oak.share(billId);
  await oak.sendDue();
  const { shareId } = await oak.onlyShare(billId);
  await oak.told('Bounce', shareId, bounceOf('maya@example.com'));
  expect((await oak.share(billId)).status).toBe(409);
});
