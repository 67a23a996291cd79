import { rows } from '../../../shared/operations';
import type { Caller } from '../../../shared/operations/caller';
import type { Row } from '../../../shared/operations/row';
import type { Answered } from '../../fixtures/apiEvent';
import { fieldsOf, goodBodies, type Path, samplePath, without, withValue } from '../../fixtures/bodyFields';
import { askRow, callerFor } from '../../fixtures/everyOperation';
import { wrongValues } from '../../fixtures/nonsense';
import { openPractice, type TestPractice } from '../../fixtures/practice';
import { type OpenStore, openStore } from '../../fixtures/store';

let store: OpenStore;
let practice: TestPractice;
let requests = 0;
beforeAll(async () => {
  store = await openStore();
  practice = await openPractice();
  store.engine.onRequest(() => {
    requests += 1;
  });
});
afterAll(() => store.close());
beforeEach(() => {
  requests = 0;
});
// What a schema refuses is refused before anything is read, so nothing of it can be written.
afterEach(() => expect(requests).toBe(0));

const taking = rows.filter(row => row.body !== undefined).map(row => [row.operation, row] as const);
const pointerTo = (path: Path): string =>
  path.map(part => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Sends the body to the operation, as somebody who may, about records whose ids are well-formed. */
function sent(row: Row, body: unknown): Promise<Answered> {
  const caller: Caller | undefined = callerFor(row, practice, { billId: 'bill_01KAB3N5R8W2E7T4Y9V6M1C0XQ' });
  const path = samplePath(row);
  return askRow(row, { path, body, key: 'key of this intent', ...(caller ? { caller } : {}) });
}

interface Told {
  readonly pointer: string;
  readonly message: string;
}
const toldBy = ({ body }: Answered): readonly Told[] => body.errors ?? [];

const quotes = (message: string, value: unknown): boolean =>
  typeof value === 'string' && value.trim().length > 5 && message.includes(value.trim());

/** A list or an object may be wrong by what it holds. */
const holdsMore = (value: unknown): boolean => typeof value === 'object' && value !== null;

function complaint(answer: Answered, path: Path, value: unknown): string | undefined {
  const wanted = pointerTo(path);
  const told = toldBy(answer);
  const fits = ({ pointer }: Told) => pointer === wanted || (holdsMore(value) && pointer.startsWith(`${wanted}/`));
  const helpful = ({ message }: Told) => message.length > 5 && !/invalid/i.test(message) && !quotes(message, value);
  const good =
    answer.status === 422 &&
    answer.body.code === 'invalid_input' &&
    told.length > 0 &&
    told.every(error => fits(error) && helpful(error));
  return good
    ? undefined
    : `${wanted} ${JSON.stringify(value)?.slice(0, 60)}: ${answer.status} ${JSON.stringify(told)}`;
}

describe('nothing is read or written for a body that is wrong', () => {
  test.each(taking)('%s: each field wrong in turn is 422 with its pointer and what it must be', async (_, row) => {
    const complaints: string[] = [];
    for (const { path, schema, body } of fieldsOf(row)) {
      for (const value of wrongValues(schema, String(path.at(-1)))) {
        const found = complaint(await sent(row, withValue(body, path, value)), path, value);
        if (found) complaints.push(found);
      }
    }
    expect(complaints).toEqual([]);
  });

  test.each(taking)('%s: a field that it does not know, at any depth, is 422 by its name', async (_, row) => {
    for (const body of goodBodies(row)) {
      for (const path of objectsIn(body, [])) {
        for (const name of ['petName', 'a/b~c', '__proto__', 'path', '']) {
          const at = [...path, name];
          const answer = await sent(row, withValue(body, at, 'Words'));
          expect([at, answer.status, toldBy(answer)]).toEqual([
            at,
            422,
            [{ pointer: pointerTo(at), message: 'is not a field of this request' }],
          ]);
        }
      }
    }
  });

  test.each(taking)('%s: a required field that is left out is 422 at its place', async (_, row) => {
    for (const { path, schema, body } of fieldsOf(row)) {
      if (typeof path.at(-1) === 'number' || schema.safeParse(undefined).success) continue;
      const answer = await sent(row, without(body, path));
      const [first] = toldBy(answer);
      expect([path, answer.status, first?.pointer]).toEqual([path, 422, pointerTo(path)]);
      expect(first?.message).toMatch(/is required|must be/);
    }
  });

  test.each(taking)('%s: a body that is no object is 422 for the whole', async (_, row) => {
    for (const body of [null, [], 'Words', 7, true]) {
      const answer = await sent(row, body);
      expect([answer.status, toldBy(answer)]).toEqual([422, [{ pointer: '', message: 'must be an object' }]]);
    }
  });
});

function* objectsIn(value: unknown, path: Path): Generator<Path> {
  if (Array.isArray(value)) for (const [index, member] of value.entries()) yield* objectsIn(member, [...path, index]);
  else if (typeof value === 'object' && value !== null) {
    yield path;
    for (const [name, member] of Object.entries(value)) yield* objectsIn(member, [...path, name]);
  }
}
