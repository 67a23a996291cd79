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

const examples = [...payments, ...refunds, ...insurers, ...oddMoney];

test.each(examples)('over HTTP: $title', async ({ steps }) => {
  const desk = await HttpDesk.open(practice);
  await live(desk, steps);
  expect(desk.view.attentionCalls).toBe(steps.filter(([, , , after]) => after.includes('attention')).length);
});
