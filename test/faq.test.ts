import { readFileSync } from 'node:fs';
import path from 'node:path';
import { catalogue } from '../shared/http/problemJson';
import { rows } from '../shared/operations';

const textOf = (file: string): string => readFileSync(path.resolve(__dirname, '..', file), 'utf8');
const faq = textOf('docs/guides/faq.md');

/** Each question in bold, its answer below it. */
const answers = new Map(
  faq
    .split(/^\*\*/m)
    .slice(1)
    .map(part => {
      const [question = '', answer = ''] = part.split('**\n');
      return [question, answer];
    }),
);

test('the FAQ ships with the docs: a partial refund made in Stripe needs nobody to adjust the bill (R63)', () => {
  expect(textOf('README.md')).toContain('(docs/guides/faq.md)');
  const answer = answers.get("Somebody refunded part of a payment in Stripe's dashboard. Who adjusts the bill?");
  expect(answer).toMatch(/^Nobody has to\. The refund appears on the bill by itself/);
  expect(faq).not.toMatch(/support|contact us/i);
});

test('every question of the FAQ has an answer, and what the answers name is there', () => {
  expect(answers.size).toBeGreaterThanOrEqual(8);
  for (const [question, answer] of answers)
    expect({ question, words: answer.split(/\s/).length > 15 }).toEqual({ question, words: true });
  const routes = rows.map(({ method, path: route }) => `${method} ${route}`);
  const named = [...faq.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  expect(named.filter(name => !routes.includes(name) && !Object.hasOwn(catalogue, name))).toEqual([]);
});
