import { apiClient } from '../portal/src/api/client';
import { Intent } from '../portal/src/api/intent';
import * as operations from '../portal/src/api/operations';
import {
  addPayment,
  createBill,
  createImport,
  type getBill,
  type getBillPdf,
  listBills,
} from '../portal/src/api/operations';
import { isRefused, Refused, Unanswered } from '../portal/src/api/refused';
import type { AnswerTo, Api, Asked } from '../portal/src/api/route';
import type { createBillRow, getBillRow, listBillsRow } from '../shared/operations/bills';
import type { addPaymentRow } from '../shared/operations/payments';
import { ScriptedApi } from './fakes/scriptedApi';

const server = new ScriptedApi();
let origin: string;
let api: Api;
beforeAll(async () => {
  origin = await server.start();
  api = apiClient({ origin, token: () => 'tok_1', timeoutMs: 5_000 });
});
afterAll(() => server.stop());

const billId = 'bill_01KAB3V3M9N5P1Q7R2S8T4V0W6';
const path = { billId };
const cash = { type: 'cash_check', amountCents: 100 } as const;
const problem = (status: number, code: string, facts: object = {}) => ({
  status,
  body: {
    type: `/api/docs#problem-${code}`,
    title: 'No',
    status,
    code,
    detail: 'Nothing happened.',
    requestId: 'req_1',
    ...facts,
  },
});
const caught = async (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => undefined,
    (error: unknown) => error,
  );
const keysSeen = () => server.seen.map(({ headers }) => headers['idempotency-key']);

describe('types, held by the compiler', () => {
  type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
  type Must<T> = { [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? never : K }[keyof T];
  const holds = <T extends true>(claim: T) => claim;

  test('a request wants what its row wants, and takes nothing else', () => {
    expect(
      [
        holds<Same<Must<Asked<typeof createBillRow>>, 'body'>>(true),
        holds<Same<Must<Asked<typeof addPaymentRow>>, 'path' | 'body' | 'key'>>(true),
        holds<Same<Must<Asked<typeof getBillRow>>, 'path'>>(true),
        holds<Same<Must<Asked<typeof listBillsRow>>, never>>(true),
        holds<Same<Asked<typeof getBillRow>['key'], undefined>>(true),
        holds<Same<Asked<typeof addPaymentRow>['body']['type'], 'card' | 'cash_check' | 'credit_discount' | 'other'>>(
          true,
        ),
      ].every(Boolean),
    ).toBe(true);
  });

  test('an answer is one of its row’s, by status', () => {
    expect(
      [
        holds<Same<AnswerTo<typeof addPayment>['status'], 201 | 202>>(true),
        holds<Same<AnswerTo<typeof getBill>['body']['clientBalanceCents'], number>>(true),
        holds<Same<AnswerTo<typeof getBillPdf>['status'], 200>>(true),
      ].every(Boolean),
    ).toBe(true);
  });
});

describe('a request', () => {
  test('carries path, query, token and version as the API wants them', async () => {
    server.script({ status: 200, body: { items: [], nextCursor: null } }, { status: 200, body: { billId } });
    await api(listBills, { query: { section: 'overdue', limit: 5, cursor: 'a b&c' } });
    await api(operations.editBill, { path: { billId: 'bill/1' }, body: { comments: 'x' }, ifMatch: 3 });
    const [list, edit] = server.seen;
    expect(list).toMatchObject({ method: 'GET', url: '/api/bills?section=overdue&limit=5&cursor=a+b%26c' });
    expect(list?.headers).toMatchObject({ authorization: 'Bearer tok_1', accept: 'application/json' });
    expect(list?.headers['content-type']).toBeUndefined();
    expect(edit).toMatchObject({ method: 'PATCH', url: '/api/bills/bill%2F1', text: '{"comments":"x"}' });
    expect(edit?.headers).toMatchObject({ 'if-match': '"3"', 'content-type': 'application/json' });
  });

  test('carries another token, or none, where that is asked', async () => {
    server.script({ status: 200 }, { status: 200 });
    await api(listBills, { token: 'tok_2' });
    await api(listBills, { token: undefined });
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer tok_2', undefined]);
  });

  test('sends rows for an import as they are', async () => {
    server.script({ status: 202, body: {} });
    await api(createImport, { query: { kind: 'sessions' }, body: 'externalId\nw1\n', contentType: 'text/csv' });
    expect(server.seen[0]).toMatchObject({ text: 'externalId\nw1\n', headers: { 'content-type': 'text/csv' } });
  });
});

describe('an answer', () => {
  test('comes with its status, its body, the bill’s version, and whether it is a repeat', async () => {
    const headers = { etag: '"7"', 'idempotent-replayed': 'true' };
    server.script({ status: 201, body: { payment: {}, bill: { clientBalanceCents: 0 } }, headers });
    const answer = await api(addPayment, { path, body: cash, key: 'a-key-of-mine' });
    expect(answer).toEqual({
      status: 201,
      body: { payment: {}, bill: { clientBalanceCents: 0 } },
      version: 7,
      replayed: true,
    });
  });

  test('without a body has none, and bytes stay bytes', async () => {
    server.script(
      { status: 204 },
      { status: 200, body: '<p>', headers: { 'content-type': 'text/html', etag: 'W/"x"' } },
    );
    const gone = await api(operations.deleteBill, { path });
    const page = await api(operations.getDocs);
    expect([gone.status, gone.body, gone.version]).toEqual([204, undefined, undefined]);
    expect([Buffer.from(page.body).toString(), page.version]).toEqual(['<p>', undefined]);
  });
});

describe('a refusal', () => {
  test('is thrown with its code and the facts of the case', async () => {
    server.script(problem(409, 'payment_in_progress', { reservedCents: 40, clientBalanceCents: 100 }));
    const error = await caught(api(addPayment, { path, body: cash, key: new Intent() }));
    if (!isRefused(error, 'payment_in_progress')) throw new Error('the refusal is not recognised');
    expect(error.facts.clientBalanceCents - error.facts.reservedCents).toBe(60);
    expect(error).toMatchObject({ status: 409, told: { detail: 'Nothing happened.', requestId: 'req_1' } });
    expect(isRefused(error, 'bill_cancelled')).toBe(false);
  });

  test('of the gateway, or of somebody between, is no problem of the catalogue', async () => {
    server.script({ status: 429, body: { message: 'Too Many Requests' } }, { status: 502, body: '<html>' });
    for (const status of [429, 502]) {
      const error = await caught(api(listBills));
      expect(error).toBeInstanceOf(Unanswered);
      expect(error).toMatchObject({ status });
    }
  });
});

describe('no answer', () => {
  test.each([
    ['the line is cut', 'cut'],
    ['what comes is not whole', { status: 200, body: '{"items":[' }],
  ] as const)('when %s, nobody claims to know', async (_, answer) => {
    server.script(answer);
    expect(await caught(api(listBills))).toBeInstanceOf(Unanswered);
  });

  test('in time is given up', async () => {
    server.script('never');
    expect(await caught(apiClient({ origin, timeoutMs: 20 })(listBills))).toBeInstanceOf(Unanswered);
  });

  test('wanted any more: the caller’s own reason comes back, before or after it was sent', async () => {
    const [before, after] = [new AbortController(), new AbortController()];
    server.script('never');
    before.abort('left the page');
    expect(await caught(api(listBills, { signal: before.signal }))).toBe('left the page');
    expect(server.seen).toHaveLength(0);
    const arrived = server.arrival();
    const asked = caught(api(listBills, { signal: after.signal }));
    await arrived;
    after.abort('typed on');
    expect(await asked).toBe('typed on');
  });
});

describe('an intent keeps its key', () => {
  const body = { clientId: 'cli_01KAB3N5R8W2E7T4Y9V6M1C0XQ' };
  const create = (key: Intent, more: object = {}) => caught(api(createBill, { body: { ...body, ...more }, key }));

  test.each([
    ['a lost answer', 'cut'],
    ['a server that is down', problem(503, 'busy', { retryAfterSeconds: 1 })],
    ['too many requests', problem(429, 'too_many_requests', { retryAfterSeconds: 1 })],
    ['a request that still runs', problem(409, 'request_in_progress')],
    ['a gateway that gave up', { status: 504, body: { message: 'Timeout' } }],
  ] as const)('over %s', async (_, answer) => {
    const key = new Intent();
    server.script(answer, { status: 201, body: {} });
    await create(key);
    await create(key);
    const [first, second] = keysSeen();
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(second).toBe(first);
  });

  test.each([
    ['an answer', { status: 201, body: {} }],
    ['a refused card', problem(402, 'card_declined', { paymentId: 'pay_1', declineCode: 'lost_card' })],
    ['a refusal by the bill’s state', problem(409, 'bill_cancelled')],
  ])('and takes a new one after %s', async (_, answer) => {
    const key = new Intent();
    server.script(answer, { status: 201, body: {} });
    await create(key);
    await create(key);
    expect(new Set(keysSeen()).size).toBe(2);
  });

  test('and takes a new one for another request', async () => {
    const key = new Intent();
    server.script('cut', { status: 201, body: {} });
    await create(key);
    await create(key, { comments: 'changed' });
    expect(new Set(keysSeen()).size).toBe(2);
  });

  test('of its own, never another’s', async () => {
    server.script({ status: 201, body: {} }, { status: 201, body: {} });
    await create(new Intent());
    await create(new Intent());
    expect(new Set(keysSeen()).size).toBe(2);
  });
});

test('a refusal is an error with a name, for logs', () => {
  const told = { detail: undefined, requestId: undefined };
  expect(String(new Refused(409, 'bill_cancelled', {}, told))).toBe('Refused: 409 bill_cancelled');
});
