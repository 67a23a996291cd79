import { CsvError, parse } from 'csv-parse/sync';
import * as z from 'zod';
import type { ImportedRow, ImportKind } from '../domain/importing';
import { invalidInput, Problem } from '../domain/problem';
import { type InputIssue, readPart } from '../http/inputIssues';

const mostRows = 10_000;
const rowsPerPart = 200;
/** An item of the table takes 400 KB, its attribute names counted. */
const bytesPerPart = 300_000;

/** As a file has them: nothing nests. */
const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const jsonBody = z.strictObject({
  kind: z.enum(['clients', 'services', 'sessions']),
  rows: z.array(z.record(z.string(), cell)).min(1).max(mostRows),
  /** Our field → their column. */
  mapping: z.record(z.string(), z.string()).optional(),
});

/** CSV with a header row, or JSON `{ kind, rows, mapping? }`. Problems: `malformed_json`, `invalid_input`. */
export function readRows(
  body: Uint8Array,
  contentType: string,
  kind: ImportKind | undefined,
): { kind: ImportKind; rows: ImportedRow[] } {
  if (contentType.trim().toLowerCase().startsWith('application/json')) return fromJson(body, kind);
  if (kind === undefined) throw invalidInput('/kind', 'is needed with CSV: clients, services or sessions');
  const rows = csvRows(body);
  if (rows.length === 0) throw invalidInput('', 'holds no row after the header');
  if (rows.length > mostRows) throw invalidInput('', `holds more than ${mostRows} rows`);
  return { kind, rows };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function csvRows(body: Uint8Array): ImportedRow[] {
  try {
    return parse(utf8.decode(body), { columns: eachOnce, bom: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    if (error instanceof Problem) throw error;
    // What the parser says quotes the row, which may name a person.
    const where = error instanceof CsvError ? `: look at line ${error.lines}` : ', in UTF-8';
    throw invalidInput('', `is not CSV with a header row${where}`);
  }
}

function eachOnce(header: readonly string[]): string[] {
  const names = header.map(name => name.trim());
  if (new Set(names).size < names.length) throw invalidInput('', 'names a column twice');
  return names;
}

function fromJson(body: Uint8Array, kind: ImportKind | undefined): { kind: ImportKind; rows: ImportedRow[] } {
  const errors: InputIssue[] = [];
  const parsed = readPart(jsonBody, jsonIn(body), errors);
  if (!parsed) throw new Problem('invalid_input', { errors });
  if (kind !== undefined && kind !== parsed.kind) throw invalidInput('/kind', 'is another one than the address names');
  return { kind: parsed.kind, rows: parsed.rows.map(row => mapped(row, parsed.mapping ?? {})) };
}

function jsonIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    throw new Problem('malformed_json');
  }
}

function mapped(row: ImportedRow, mapping: Readonly<Record<string, string>>): ImportedRow {
  const named = Object.entries(mapping).map(([field, column]) => [field, row[column]] as const);
  const columns = new Set(Object.values(mapping));
  const rest = Object.entries(row).filter(([column]) => !columns.has(column));
  return Object.fromEntries([...rest, ...named]);
}

/** Rows as they are stored and worked off together, each part within what an item takes. Problem: `invalid_input`. */
export function partsOf(rows: readonly ImportedRow[]): { firstRow: number; rows: ImportedRow[] }[] {
  const parts: { firstRow: number; rows: ImportedRow[] }[] = [];
  let room = 0;
  for (const [index, row] of rows.entries()) {
    const bytes = Buffer.byteLength(JSON.stringify(row));
    if (bytes > bytesPerPart) throw invalidInput(`/rows/${index}`, `is larger than ${bytesPerPart} bytes`);
    let part = parts.at(-1);
    if (!part || part.rows.length === rowsPerPart || bytes > room) {
      part = { firstRow: index + 1, rows: [] };
      parts.push(part);
      room = bytesPerPart;
    }
    part.rows.push(row);
    room -= bytes;
  }
  return parts;
}
