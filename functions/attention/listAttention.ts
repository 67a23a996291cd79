import { type Run, reply, serve } from '../../shared/http/serve';
import { listAttentionRow } from '../../shared/operations/attention';
import { attentionStore } from '../../shared/store/attentionStore';

export const listAttention =
  (): Run<typeof listAttentionRow> =>
  async ({ query: { limit, cursor }, caller }) =>
    reply(200, await attentionStore.page(caller.practiceId, { limit, cursor }));

export const handler = serve(listAttentionRow, listAttention());
