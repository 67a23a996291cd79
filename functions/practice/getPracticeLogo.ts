import { documentStore } from '../../shared/documents/documentStore';
import { keptLogo } from '../../shared/documents/logo/paperLogo';
import { Problem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { getPracticeLogoRow } from '../../shared/operations/practice';
import { practiceStore } from '../../shared/store/practiceStore';

export const getPracticeLogo =
  (documents = documentStore): Run<typeof getPracticeLogoRow> =>
  async ({ caller: { practiceId } }) => {
    const { logo } = await practiceStore.load(practiceId);
    if (!logo) throw new Problem('not_found', { what: 'logo' });
    const bytes = await keptLogo(practiceId, logo.name, documents);
    return reply(200, new Uint8Array(bytes), { 'content-type': logo.contentType });
  };

export const handler = serve(getPracticeLogoRow, getPracticeLogo());
