import { type Run, reply, serve } from '../../shared/http/serve';
import { getPracticeRow } from '../../shared/operations/practice';
import { type PracticeStore, practiceStore } from '../../shared/store/practiceStore';
import { shownPractice } from '../../shared/views/practice';

interface Needs {
  readonly practices: PracticeStore;
}

export const getPractice =
  ({ practices }: Needs): Run<typeof getPracticeRow> =>
  async ({ caller }) =>
    reply(200, shownPractice(await practices.load(caller.practiceId)));

export const handler = serve(getPracticeRow, getPractice({ practices: practiceStore }));
