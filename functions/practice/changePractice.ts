import { patched } from '../../shared/domain/given';
import { type Run, reply, serve } from '../../shared/http/serve';
import { changePracticeRow } from '../../shared/operations/practice';
import { decideAnew } from '../../shared/store/kernel';
import { type PracticeStore, practiceStore } from '../../shared/store/practiceStore';

interface Needs {
  readonly practices: PracticeStore;
}

export const changePractice =
  ({ practices }: Needs): Run<typeof changePracticeRow> =>
  ({ caller, body }) =>
    decideAnew(async () => {
      const practice = patched(await practices.load(caller.practiceId), body);
      await practices.replace(practice);
      return reply(200, practice);
    });

export const handler = serve(changePracticeRow, changePractice({ practices: practiceStore }));
