import { type Run, reply, serve } from '../../shared/http/serve';
import { deletePracticeLogoRow } from '../../shared/operations/practice';
import { decideAnew } from '../../shared/store/kernel';
import { practiceStore } from '../../shared/store/practiceStore';

/** The picture itself stays: documents made before name it. */
export const deletePracticeLogo =
  (): Run<typeof deletePracticeLogoRow> =>
  ({ caller: { practiceId } }) =>
    decideAnew(async () => {
      const { logo, ...practice } = await practiceStore.load(practiceId);
      if (logo) await practiceStore.replace(practice);
      return reply(204, undefined);
    });

export const handler = serve(deletePracticeLogoRow, deletePracticeLogo());
