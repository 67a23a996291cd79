import { builtFile, fileAnswer } from '../../shared/http/builtFile';
import { type Run, serve } from '../../shared/http/serve';
import { getOpenApiRow } from '../../shared/operations/docs';

export const getOpenApi =
  (contract = builtFile('openapi.json')): Run<typeof getOpenApiRow> =>
  async ({ headers }) =>
    fileAnswer(contract(), headers);

export const handler = serve(getOpenApiRow, getOpenApi());
