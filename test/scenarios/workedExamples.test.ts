import { live } from '../fixtures/examples/example';
import { HttpDesk } from '../fixtures/examples/httpDesk';
import { insurers } from '../fixtures/examples/insurers';
import { oddMoney } from '../fixtures/examples/oddMoney';
import { payments } from '../fixtures/examples/payments';
import { refunds } from '../fixtures/examples/refunds';
import { RunningPractice } from '../fixtures/runningPractice';

/** The ledger guide's worked examples, step by step over HTTP: after each, every figure that the API shows, and the ledger. */
jest.setTimeout(120_000);
let practice: RunningPractice;

beforeAll(async () => {
  practice = await RunningPractice.open();
  await practice.applyCreditAutomatically(false);
});
afterAll(() => practice?.close());

/** What the API is held to; the long run of the tests has the others as well. */
const required = [1, 4, 6, 7, 8, 9, 11, 12, 13, 14, 17, 19, 21, 22];
const all = [...payments, ...refunds, ...insurers, ...oddMoney];
const examples = process.env.FULL ? all : all.filter(({ title }) => required.some(n => title.startsWith(`W${n} `)));

test('the examples that the API is held to are here', () => {
  expect(examples.length).toBeGreaterThanOrEqual(required.length);
});

test.each(examples)('over HTTP: $title', async ({ steps }) => {
  const desk = await HttpDesk.open(practice);
  await live(desk, steps);
  expect(desk.view.attentionCalls).toBe(steps.filter(([, , , after]) => after.includes('attention')).length);
});
