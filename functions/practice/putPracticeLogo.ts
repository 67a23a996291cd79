import { documentStore } from '../../shared/documents/documentStore';
import { logoKey, logoName } from '../../shared/documents/logo/paperLogo';
import { readLogo } from '../../shared/documents/logo/readLogo';
import { type Run, reply, serve } from '../../shared/http/serve';
import { putPracticeLogoRow } from '../../shared/operations/practice';
import { decideAnew } from '../../shared/store/kernel';
import { practiceStore } from '../../shared/store/practiceStore';
import { shownPractice } from '../../shared/views/practice';

/** The picture is kept before anything names it, so that a name always leads to one. */
export const putPracticeLogo =
  (documents = documentStore): Run<typeof putPracticeLogoRow> =>
  async ({ caller: { practiceId }, rawBody, headers }) => {
    const { bytes, ...facts } = readLogo(rawBody, headers['content-type'] ?? '');
    const name = logoName(bytes);
    await documents.keep(logoKey(practiceId, name), bytes, facts.contentType);
    return decideAnew(async () => {
      const practice = { ...(await practiceStore.load(practiceId)), logo: { name, ...facts } };
      await practiceStore.replace(practice);
      return reply(200, shownPractice(practice));
    });
  };

export const handler = serve(putPracticeLogoRow, putPracticeLogo());
