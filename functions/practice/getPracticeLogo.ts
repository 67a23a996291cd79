import { keptLogo } from '../../shared/documents/logo/paperLogo';
import { snapshotFiles } from '../../shared/documents/snapshotFiles';
import { Problem } from '../../shared/domain/problem';
import { type Run, reply, serve } from '../../shared/http/serve';
import { getPracticeLogoRow } from '../../shared/operations/practice';
import { practiceStore } from '../../shared/store/practiceStore';

/** Many practices have no logo, so the client of the bucket is loaded when one has. */
export const getPracticeLogo =
  (files = snapshotFiles): Run<typeof getPracticeLogoRow> =>
  async ({ caller: { practiceId } }) => {
    const { logo } = await practiceStore.load(practiceId);
    if (!logo) throw new Problem('not_found', { what: 'logo' });
    const bytes = await keptLogo(practiceId, logo.name, files);
    return reply(200, new Uint8Array(bytes), { 'content-type': logo.contentType });
  };

export const handler = serve(getPracticeLogoRow, getPracticeLogo());
