import { builtFile, fileAnswer } from '../../shared/http/builtFile';
import { type Run, serve } from '../../shared/http/serve';
import { getDocsRow } from '../../shared/operations/docs';

export const getDocs =
  (page = builtFile('docs.html')): Run<typeof getDocsRow> =>
  async ({ headers }) =>
    fileAnswer(page(), headers);

export const handler = serve(getDocsRow, getDocs());
