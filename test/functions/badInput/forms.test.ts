import { rows } from '../../../shared/operations';
import { exampleBodies } from '../../../shared/operations/examples';
import { defaultMaxBodyBytes, type Row } from '../../../shared/operations/row';
import type { Answered, Asked } from '../../fixtures/apiEvent';
import { samplePath } from '../../fixtures/bodyFields';
import { askRow, callerFor, clientCallerOf, guestOf, rowOf } from '../../fixtures/everyOperation';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';

let store: OpenStore;
let practice: TestPractice;
beforeAll(async () => {
  store = await openStore();
  practice = await openPractice();
});
afterAll(() => store.close());

const billId = 'bill_01KAB3N5R8W2E7T4Y9V6M1C0XQ';
const key = 'key of this intent';
const byName = (list: readonly Row[]) => list.map(row => [row.operation, row] as const);
const withJson = byName(rows.filter(row => row.bodyFormat !== 'raw' && row.method !== 'GET'));
const ofStaff = byName(rows.filter(row => row.auth === 'staff'));

/** A request without a fault but that its ids are nobody's. */
function good(row: Row): Asked {
  const caller = callerFor(row, practice, { billId });
  return { path: samplePath(row), body: exampleBodies[row.operation], key, ...(caller ? { caller } : {}) };
}
const ask = (row: Row, more: Asked): Promise<Answered> =>
  askRow(row, { ...good(row), ...more, headers: { ...typeOf(row), ...more.headers } });
/** Of a body that is no JSON. */
const typeOf = ({ accepts: [type] = [] }: Row) => (type === undefined ? {} : { 'content-type': type });
const refused = ({ status, body }: Answered) => [status, body?.code];

describe('the form of a request', () => {
  test.each(withJson)('%s: what is no JSON is 400, another kind of content 415', async (_, row) => {
    for (const raw of ['{', '{"a":1,}', 'nothing', "{'a':1}", '\u0000', '[1', '{"a":"\u0001"}']) {
      expect([raw, ...refused(await ask(row, { raw }))]).toEqual([raw, 400, 'malformed_json']);
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', '']) {
      const answer = await ask(row, { raw: '{}', headers: { 'content-type': type } });
      expect([type, ...refused(answer)]).toEqual([type, 415, 'unsupported_media_type']);
      expect(answer.body.accepted).toEqual(['application/json']);
    }
  });

  test.each(withJson.filter(([, row]) => row.body === undefined))(
    '%s takes no fields: one that is sent is not lost silently',
    async (_, row) => {
      const answer = await ask(row, { body: { reason: 'Words' } });
      expect([...refused(answer), answer.body.errors[0].pointer]).toEqual([422, 'invalid_input', '/reason']);
    },
  );

  test.each(withJson)('%s: a body of 1 MB is not too large, one byte more is 413', async (_, row) => {
    const limit = row.maxBodyBytes ?? defaultMaxBodyBytes;
    expect(limit).toBe(1_000_000);
    const full = await ask(row, { raw: padded({ petName: '' }, limit) });
    expect(refused(full)).toEqual([422, 'invalid_input']);
    const over = await ask(row, { raw: padded({ petName: '' }, limit + 1) });
    expect([...refused(over), over.body.maxBodyBytes]).toEqual([413, 'body_too_large', limit]);
  });

  test('bytes that are no UTF-8 are 400, not a name with question marks', async () => {
    const row = createClient();
    const latin = Buffer.from('{"firstName":"Zo\u00eb","lastName":"Walker"}', 'latin1').toString('base64');
    expect(refused(await ask(row, { base64: latin }))).toEqual([400, 'malformed_json']);
  });

  test('a body of nothing but unknown fields is answered shortly', async () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`f${index}`, 0]));
    const long = { ['x'.repeat(900_000)]: 0 };
    for (const body of [many, long]) {
      const answer = await ask(createClient(), { body });
      expect(refused(answer)).toEqual([422, 'invalid_input']);
      expect(JSON.stringify(answer.body).length).toBeLessThan(20_000);
    }
  });

  test('the limit counts bytes, not characters', async () => {
    const answer = await ask(createClient(), { raw: `{"petName":"${'\u00eb'.repeat(500_000)}"}` });
    expect(refused(answer)).toEqual([413, 'body_too_large']);
  });
});

const createClient = (): Row => rowOf('createClient');

/** JSON of exactly so many bytes. */
const padded = (body: object, bytes: number): string => JSON.stringify(body).padEnd(bytes, ' ');

test('an If-Match that this API never gave is 422, not overlooked', async () => {
  for (const value of ['1', '"x"', '"-1"', "'1'", '"1", "2"', '']) {
    const answer = await ask(rowOf('editBill'), { headers: { 'if-match': value } });
    expect([value, ...refused(answer), answer.body.errors?.[0].pointer]).toEqual([
      value,
      422,
      'invalid_input',
      '/headers/if-match',
    ]);
  }
});

describe('idempotency keys', () => {
  const needing = byName(rows.filter(row => row.idempotency === 'required'));
  const taking = byName(rows.filter(row => row.idempotency === 'accepted'));
  const bad = ['', 'short', '1234567', 'x'.repeat(256), 'kéy of this intent', 'key\tof this intent'];

  test('every operation that moves money wants one', () => {
    const moving = ['addPayment', 'addInsurancePayment', 'refundPayment', 'addCredit', 'adjustBill', 'writeOffBill'];
    expect(needing.map(([name]) => name)).toEqual(expect.arrayContaining(moving));
  });

  test.each(needing)('%s without a key, or with a bad one, is 400', async (_, row) => {
    const { key: none, ...without } = good(row);
    expect(refused(await askRow(row, without))).toEqual([400, 'idempotency_key_required']);
    for (const wrong of bad) {
      expect([wrong, ...refused(await ask(row, { key: wrong }))]).toEqual([wrong, 400, 'idempotency_key_required']);
    }
    expect(none).toBe(key);
  });

  test.each(taking)('%s does without a key, but not with a bad one', async (_, row) => {
    for (const wrong of bad) {
      expect([wrong, ...refused(await ask(row, { key: wrong }))]).toEqual([wrong, 400, 'idempotency_key_required']);
    }
  });
});

describe('who calls', () => {
  const guarded = byName(rows.filter(row => row.auth !== 'none'));

  test.each(guarded)('%s without a caller is 401', async (_, row) => {
    const { caller, ...nobody } = good(row);
    const answer = await askRow(row, { ...nobody, refusal: 'the token has expired' });
    expect([...refused(answer), answer.body.reason]).toEqual([401, 'unauthenticated', 'the token has expired']);
    expect(caller).toBeDefined();
  });

  test.each(ofStaff)('%s is 403 for each role that the row does not list, and for who is no staff', async (_, row) => {
    const { admin, biller, practitioner, scheduler, unbilling } = practice;
    const supervisor = { ...practitioner, roles: ['supervisor'] as const };
    const of = { admin, biller, practitioner, supervisor, scheduler };
    const roles = Object.keys(of) as (keyof typeof of)[];
    const outsiders = roles.filter(role => !row.roles?.includes(role)).map(role => of[role]);
    const noAmounts = row.roles?.includes('scheduler') ? [] : [unbilling];
    const strangers = [guestOf(practice, billId), clientCallerOf(practice), { ...admin, roles: [] }];
    for (const caller of [...outsiders, ...noAmounts, ...strangers]) {
      const answer = await ask(row, { caller });
      expect([caller, ...refused(answer), answer.body.roles]).toEqual([caller, 403, 'forbidden', row.roles]);
    }
  });

  test.each(ofStaff)('%s is not 403 for the roles that the row lists', async (_, row) => {
    const { admin, biller, practitioner, scheduler } = practice;
    const of = {
      admin,
      biller,
      practitioner,
      supervisor: { ...practitioner, roles: ['supervisor'] as const },
      scheduler,
    };
    for (const role of row.roles ?? []) {
      // What is no version stops the request right after the question of the role.
      const answer = await ask(row, { caller: of[role], headers: { 'if-match': 'x' } });
      expect([role, ...refused(answer)]).toEqual([role, 422, 'invalid_input']);
    }
  });

  test('what is a guest’s or a client’s is not for staff, nor for each other', async () => {
    const outside = rows.filter(row => row.auth === 'guest' || row.auth === 'client');
    expect(outside.length).toBeGreaterThan(8);
    for (const row of outside) {
      const other = row.auth === 'guest' ? clientCallerOf(practice) : guestOf(practice, billId);
      for (const caller of [practice.admin, other]) {
        expect(refused(await ask(row, { caller }))).toEqual([403, 'forbidden']);
      }
    }
  });

  test('who did not come through the front door is 403, whatever the token', async () => {
    for (const row of rows) {
      const answer = await ask(row, { headers: { 'x-origin-verify': 'guessed' } });
      expect([row.operation, ...refused(answer)]).toEqual([row.operation, 403, 'forbidden']);
    }
  });
});
