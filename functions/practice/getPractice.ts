import { type Run, reply, serve } from '../../shared/http/serve';
import { getPracticeRow } from '../../shared/operations/practice';

export const getPractice =
  (): Run<typeof getPracticeRow> =>
  async ({ caller }) => {
    return reply(200, { practiceId: caller.practiceId, name: 'x' });
  };

export const handler = serve(getPracticeRow, getPractice());
