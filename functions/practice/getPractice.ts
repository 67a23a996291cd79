import { type Run, reply, serve } from '../../shared/http/serve';
import { getPracticeRow } from '../../shared/operations/practice';
import { type PracticeStore, practiceStore } from '../../shared/store/practiceStore';

interface Needs {
  readonly practices: PracticeStore;
}

export const getPractice =
  ({ practices }: Needs): Run<typeof getPracticeRow> =>
  async ({ caller }) =>
    reply(200, await practices.load(caller.practiceId));

export const handler = serve(getPracticeRow, getPractice({ practices: practiceStore }));
