// A cold process: loads one function as Lambda does, answers the event on its standard input, and ends.
// Usage: node bench/firstAnswer.mjs <module>
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const { handler } = await import(pathToFileURL(process.argv[2]).href);
const { statusCode, body } = await handler(JSON.parse(readFileSync(0, 'utf8')), {});
if (statusCode >= 300) console.error(statusCode, body);
process.exit(statusCode >= 300 ? 1 : 0);
