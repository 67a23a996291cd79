import { addSeconds } from '../../shared/domain/calendar';
import type { ImportPart, ImportRecord } from '../../shared/domain/importing';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { real } from '../../shared/needs';
import { createImportRow } from '../../shared/operations/imports';
import { importStore } from '../../shared/store/importStore';
import { decideAnew } from '../../shared/store/kernel';
import { partsOf, readRows } from '../../shared/work/importRows';

const keepSeconds = 7 * 86_400;

/** Reads and stores the rows; due work judges and writes them, so that a large file never outlasts the request. */
export const createImport = (needs = real): Operation<typeof createImportRow> => ({
  run: async ({ query, rawBody, headers, caller, once }) => {
    const { kind, rows } = readRows(rawBody, headers['content-type'] ?? '', query.kind);
    await once.beside(Promise.resolve());
    const importId = needs.newId('imp');
    const now = needs.clock.now();
    const expiresAt = Math.floor(Date.parse(addSeconds(now, keepSeconds)) / 1000);
    const parts: ImportPart[] = partsOf(rows).map((some, part) => ({ importId, part, ...some, expiresAt }));
    const record: ImportRecord = {
      importId,
      kind,
      status: 'queued',
      dryRun: query.dryRun === 'true',
      total: rows.length,
      created: 0,
      updated: 0,
      unchanged: 0,
      failed: 0,
      parts: parts.length,
      nextPart: 0,
      by: caller.memberId,
      createdAt: now,
      dueAt: now,
    };
    await decideAnew(() => importStore.add(caller.practiceId, record, parts, once.record(202, { importId })));
    return reply(202, record);
  },
  replay: async ({ ids: { importId = '' } }, { caller }) =>
    reply(202, await importStore.load(caller.practiceId, importId)),
});

export const handler = serve(createImportRow, createImport());
