/**
 * `npm run bench`: what the system asks of DynamoDB, what its functions weigh, how long a cold one takes to answer, and how
 * quickly the one-machine cloud works here. Prints tables, and leaves the figures in `bench/results.json`.
 * `npm run bench -- nights pdfs` measures these parts alone, and leaves the file as it is.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readSources } from '../infra/functionSources';
import { synthesise } from '../infra/synthesise';
import { startCloud } from '../local/cloud/startCloud';
import { openStore } from '../test/fixtures/store';
import { measureColdStarts } from './coldStart';
import { measureCosts } from './costs';
import { measureLatency, measureThroughput } from './load';
import { measureManyBills } from './manyBills';
import { measureNights, nightsBegin, writeUnitsASecond } from './nights';
import { Office, textIn } from './office';
import { measurePdfs } from './pdf';
import { part, table } from './print';

const oneClientRounds = 100;
const clients = 16;
const billsAtOnce = 400;
const coldRuns = 15;
const manyBills = 20_000;

interface Weight {
  readonly name: string;
  readonly codeBytes: number;
  readonly codeBytesAtStart: number;
  readonly mapBytes: number;
}

const kb = (bytes: number): string => `${Math.round(bytes / 1000)} KB`;
const ms = (milliseconds: number): string => `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
const started = performance.now();

function machineFacts() {
  const cores = os.cpus().length;
  const [load = 0] = os.loadavg();
  const facts = {
    cpu: os.cpus()[0]?.model ?? 'unknown',
    cores,
    memoryGb: Math.round(os.totalmem() / 1e9),
    node: process.version,
    system: `${os.platform()} ${os.arch()}`,
    load: Math.round(load * 10) / 10,
  };
  part('This machine');
  console.log(`${facts.cores} cores (${facts.cpu}), ${facts.memoryGb} GB, Node ${facts.node}, ${facts.system}`);
  if (load > cores / 2) console.log(`It is busy (load ${facts.load}): times below are longer than they need be.`);
  return facts;
}

/** The functions of the API without Stripe or PDFs are those that a test holds under 600 KB. */
async function weights() {
  const { folder } = await synthesise({ context: { dueShards: '4' } });
  const all: readonly Weight[] = JSON.parse(readFileSync(path.join(folder, 'bundles.json'), 'utf8'));
  const heavyUses = ['stripe', 'documents:write'];
  const light = new Set(
    readSources()
      .rows.filter(row => !row.uses.some(use => heavyUses.includes(use)))
      .map(row => row.operation),
  );
  const heaviestLight = all.find(({ name }) => light.has(name));
  part('Code of the ten heaviest functions, and how much of it is loaded before the first answer');
  table(all.slice(0, 10).map(each => [each.name, kb(each.codeBytes), kb(each.codeBytesAtStart)]));
  console.log(
    `Heaviest function of the API without Stripe or PDFs: ${heaviestLight?.name}, ${kb(heaviestLight?.codeBytes ?? 0)} of 600 KB.`,
  );
  return all;
}

async function onOneMachine() {
  const cloud = await startCloud({ port: 0 });
  try {
    const costs = await measureCosts(cloud);
    part('DynamoDB: write units (indexes included) and requests of each operation');
    table(Object.entries(costs).map(([name, { writeUnits, requests }]) => [name, String(writeUnits), requests]));

    const office = await Office.open(cloud, 'ELM');
    const clientId = await office.client();
    const [sessionId = ''] = await office.sessions({ clientId, serviceId: await office.service() }, 1);
    const billId = textIn(await office.post('/bills', { clientId, sessions: [{ sessionId }] }), 'billId');
    const coldStarts = await measureColdStarts(office, billId, coldRuns);
    part(`A cold process to its first answer: median of ${coldRuns}, and against \`node -e 0\` in between`);
    table(coldStarts.map(({ name, milliseconds, ratio }) => [name, ms(milliseconds), `× ${ratio.toFixed(1)}`]));

    const latency = await measureLatency(office, oneClientRounds);
    part(`Over HTTP, one client, ${oneClientRounds} rounds`);
    table([['', 'p50', 'p95'], ...latency.map(({ name, p50, p95 }) => [name, ms(p50), ms(p95)])]);

    const billsPerSecond = await measureThroughput(office, { clients, bills: billsAtOnce });
    const { rss } = process.memoryUsage();
    part(`Over HTTP, ${clients} clients at once, ${billsAtOnce} bills`);
    console.log(
      `${billsPerSecond.toFixed(0)} bills a second; the whole machine then holds ${Math.round(rss / 1e6)} MB.`,
    );
    return { costs, coldStarts, latency, billsPerSecond, rssBytes: rss };
  } finally {
    await cloud.close();
  }
}

async function inOnePractice() {
  const store = await openStore();
  try {
    const { few, many, summary } = await measureManyBills(store, manyBills);
    part(`A practice of three bills, and one of ${manyBills.toLocaleString('en')} more: requests of each operation`);
    table(
      Object.entries(few).map(([name, requests]) => [
        name,
        requests,
        many[name] === requests ? 'the same' : (many[name] ?? ''),
      ]),
    );
    console.log(`The summary of all sections reads their pages: ${summary}.`);
    return { bills: manyBills, few, many, summary };
  } finally {
    await store.close();
  }
}

/** Of one practice the first midnight finds functions that are cold. */
async function byNight() {
  const cloud = await startCloud({ port: 0, clock: nightsBegin });
  try {
    part('Midnight of the first of a month: from the sweep to the last bill');
    const figures = await measureNights(cloud, line => console.log(`  ${line}`));
    const { growth, mostMemoryBytes, projection } = figures;
    console.log(
      `Ten times as many practices take 10 × ${growth.cpu.toFixed(2)} of the processor (10 × 1.10 is allowed), 10 × ${growth.time.toFixed(2)} as long.`,
    );
    table(
      Object.entries(mostMemoryBytes).map(([name, bytes]) => [
        `${name} held at most`,
        `${Math.round(bytes / 1e6)} MB of 256 MB`,
      ]),
    );
    const { practices, clients, sessions, minutes, writeUnitsABill, requestsABill, dollars, pricesOn } = projection;
    part(`On paper: ${practices.toLocaleString('en')} practices of ${clients} clients with ${sessions} sessions each`);
    console.log(
      `${writeUnitsABill.toFixed(1)} write units and ${requestsABill.toFixed(1)} requests a bill: ${minutes.toFixed(0)} minutes at ${writeUnitsASecond.toLocaleString('en')} write units a second.`,
    );
    const sum = Object.values(dollars).reduce((total, one) => total + one, 0);
    const lines = Object.entries({ ...dollars, together: sum });
    table(lines.map(([name, amount]) => [name, `$${amount.toFixed(2)}`]));
    console.log(`Prices of ${pricesOn}, in bench/prices.json.`);
    return { ...figures, load: os.loadavg()[0] };
  } finally {
    await cloud.close();
  }
}

async function onPaper() {
  const figures = await measurePdfs(coldRuns);
  part(
    'PDFs, against pdfmake as it comes with Roboto embedded (a cold process: against `node -e 0`), and what is allowed',
  );
  table(
    figures.speed.map(({ name, milliseconds, ratio, most }) => [
      name,
      ms(milliseconds),
      `× ${ratio.toFixed(2)}`,
      `of ${most}`,
    ]),
  );
  console.log(`A bill of one page with its QR code: ${figures.bytes} of 8192 bytes.`);
  return figures;
}

const parts = { weights, oneMachine: onOneMachine, pdfs: onPaper, nights: byNight, manyBills: inOnePractice };
const isPart = (name: string): name is keyof typeof parts => Object.hasOwn(parts, name);

const wanted = process.argv.slice(2);
const unknown = wanted.find(name => !isPart(name));
if (unknown !== undefined) {
  console.error(`The bench has no part ${unknown}. It has: ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}
const figures: Record<string, unknown> = { at: new Date().toISOString(), machine: machineFacts() };
for (const [name, measure] of Object.entries(parts))
  if (wanted.length === 0 || wanted.includes(name)) figures[name] = await measure();
const took = `It took ${Math.round((performance.now() - started) / 1000)} s.`;
if (wanted.length > 0) console.log(`\n${took}`);
else {
  writeFileSync('bench/results.json', `${JSON.stringify(figures, undefined, 2)}\n`);
  console.log(`\n${took} Figures: bench/results.json`);
}
process.exit(0);
