import { parse } from 'csv-parse/sync';
import * as z from 'zod';
import type { ImportedRow, ImportKind } from '../domain/importing';
import { invalidInput, Problem } from '../domain/problem';

const mostRows = 10_000;
const rowsPerPart = 200;
/** An item of the table takes 400 KB, its attribute names counted. */
const bytesPerPart = 300_000;

const jsonBody = z.strictObject({
  kind: z.enum(['clients', 'services', 'sessions']),
  rows: z.array(z.record(z.string(), z.unknown())).min(1).max(mostRows),
  /** Our field → their column. */
  mapping: z.record(z.string(), z.string()).optional(),
});

/** CSV with a header row, or JSON `{ kind, rows, mapping? }`. Problems: `malformed_json`, `invalid_input`. */
export function readRows(
  body: Uint8Array,
  contentType: string,
  kind: ImportKind | undefined,
): { kind: ImportKind; rows: ImportedRow[] } {
  const text = Buffer.from(body).toString('utf8');
  if (contentType.startsWith('application/json')) return fromJson(text);
  if (kind === undefined) throw invalidInput('/kind', 'is needed with CSV: clients, services or sessions');
  const rows = csvRows(text);
  if (rows.length === 0) throw invalidInput('', 'holds no row after the header');
  if (rows.length > mostRows) throw invalidInput('', `holds more than ${mostRows} rows`);
  return { kind, rows };
}

function csvRows(text: string): ImportedRow[] {
  try {
    return parse(text, { columns: true, bom: true, skip_empty_lines: true, trim: true }) as ImportedRow[];
  } catch (error) {
    throw invalidInput('', `is not CSV with a header row: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

function fromJson(text: string): { kind: ImportKind; rows: ImportedRow[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem('malformed_json');
  }
  const parsed = jsonBody.safeParse(value);
  if (!parsed.success) {
    const errors = parsed.error.issues.map(({ path, message }) => ({ pointer: `/${path.join('/')}`, message }));
    throw new Problem('invalid_input', { errors });
  }
  const { kind, rows, mapping = {} } = parsed.data;
  return { kind, rows: rows.map(row => mapped(row, mapping)) };
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
