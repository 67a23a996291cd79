import { type Run, reply, serve } from '../../shared/http/serve';
import { getImportRow } from '../../shared/operations/imports';
import { importStore } from '../../shared/store/importStore';

export const getImport =
  (): Run<typeof getImportRow> =>
  async ({ path: { importId }, caller }) =>
    reply(200, await importStore.load(caller.practiceId, importId));

export const handler = serve(getImportRow, getImport());
