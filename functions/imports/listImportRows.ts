import { type Run, reply, serve } from '../../shared/http/serve';
import { listImportRowsRow } from '../../shared/operations/imports';
import { importStore } from '../../shared/store/importStore';

/** A page is a part of the import as it was worked off, so it may hold more or fewer rows than the limit. */
export const listImportRows =
  (): Run<typeof listImportRowsRow> =>
  async ({ path: { importId }, query, caller }) => {
    await importStore.load(caller.practiceId, importId);
    const page = await importStore.results(caller.practiceId, importId, query.cursor);
    const rows = page.items.flatMap(part => part.results);
    const items = rows.filter(row => query.result === undefined || row.result === query.result);
    return reply(200, {
      items: items.map(({ errors, ...row }) => (errors ? { ...row, errors: [...errors] } : row)),
      nextCursor: page.nextCursor,
    });
  };

export const handler = serve(listImportRowsRow, listImportRows());
