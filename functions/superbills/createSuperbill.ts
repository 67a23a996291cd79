import { snapshotFiles } from '../../shared/documents/snapshotFiles';
import { calendarDate } from '../../shared/domain/calendar';
import { type Operation, reply, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import { createSuperbillRow } from '../../shared/operations/superbills';
import { clientStore } from '../../shared/store/clientStore';
import { superbillStore } from '../../shared/store/superbillStore';
import { shownSuperbill } from '../../shared/views/superbillView';

export const createSuperbill = (needs = real, files = snapshotFiles): Operation<typeof createSuperbillRow> => ({
  run: async ({ path: { clientId }, body, caller, once }) => {
    const { practiceId } = caller;
    await once.beside(clientStore.load(caller, clientId));
    const superbillId = needs.newId('sup');
    const range = { from: calendarDate(body.from), to: calendarDate(body.to) };
    const made = await superbillStore.create(
      practiceId,
      { superbillId, clientId, ...range, providerId: body.providerId },
      { act: actOf(caller, needs), files, writes: once.record(201, { superbillId }) },
    );
    return reply(201, await shownSuperbill(practiceId, made));
  },
  replay: async ({ ids: { superbillId = '' } }, { path: { clientId }, caller: { practiceId } }) =>
    reply(
      201,
      await shownSuperbill(practiceId, await superbillStore.load(practiceId, { clientId, superbillId }, files)),
    ),
});

export const handler = serve(createSuperbillRow, createSuperbill());
