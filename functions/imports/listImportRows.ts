import { type Run, reply, serve } from '../../shared/http/serve';
import { listImportRowsRow } from '../../shared/operations/imports';
import { importStore } from '../../shared/store/importStore';

/** Of what is worked off so far; where only some rows are asked for, a page may be shorter than its limit. */
export const listImportRows =
  (): Run<typeof listImportRowsRow> =>
  async ({ path: { importId }, query: { result, limit, cursor }, caller: { practiceId } }) => {
    await importStore.load(practiceId, importId);
    const keep = (row: { result: string }) => result === undefined || row.result === result;
    const { rows, nextCursor } = await importStore.results(practiceId, importId, { keep, limit, cursor });
    const items = rows.map(({ errors, ...row }) => (errors ? { ...row, errors: [...errors] } : row));
    return reply(200, { items, nextCursor });
  };

export const handler = serve(listImportRowsRow, listImportRows());
