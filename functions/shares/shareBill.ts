import type { Share } from '../../shared/domain/billRecord';
import { type Instant, instant } from '../../shared/domain/calendar';
import { newShare, refuseUnshareable, withdrawn } from '../../shared/domain/sharing';
import { type Input, type Operation, reply, serve } from '../../shared/http/serve';
import { actOf, real } from '../../shared/needs';
import { shareBillRow } from '../../shared/operations/shares';
import { type Loaded, loadBillFor, recordOf } from '../../shared/store/billStore';
import { decideAnew } from '../../shared/store/kernel';
import { shareOf, shareStore } from '../../shared/store/shareStore';
import { shownBill } from '../../shared/views/answers';
import { shareView } from '../../shared/views/billView';
import { replacedBy, shareTerms } from '../../shared/work/shareTerms';

type In = Input<typeof shareBillRow>;

/** R27 to R29: the mail itself is due work of this transaction; a share in the portal only has happened at once. */
export const shareBill = (needs = real): Operation<typeof shareBillRow> => ({
  run: input =>
    decideAnew(async () => {
      const { path, caller, once } = input;
      const { billId } = path;
      const loaded = await once.beside(loadBillFor(caller, billId));
      const share = await wantedShare(loaded, input, needs);
      const act = actOf(caller, needs);
      const { shares } = recordOf(loaded, billId);
      const status = share.channel === 'portal' ? 200 : 202;
      const after = await shareStore.commit(
        loaded,
        billId,
        {
          shares: [...replacedBy(share, shares).map(waiting => withdrawn(waiting, act.at, share.by)), share],
          // A later share draws a new code, so that one that was seen in an old mail opens nothing.
          ...(shares.length > 0 ? { text: { accessCode: needs.newCode() } } : {}),
          writes: once.record(status, { billId, shareId: share.shareId }),
        },
        needs.newId,
      );
      return answer({ loaded: after, billId, shareId: share.shareId }, input, needs);
    }),
  replay: async ({ ids: { billId = '', shareId = '' } }, input) =>
    answer({ loaded: await loadBillFor(input.caller, billId), billId, shareId }, input, needs),
});

async function wantedShare(loaded: Loaded, { path, body, caller }: In, needs: typeof real): Promise<Share> {
  const record = recordOf(loaded, path.billId);
  refuseUnshareable(record.head);
  const [recipient, terms] = await Promise.all([
    shareStore.recipient(caller.practiceId, { ...record.text, clientId: record.head.clientId }),
    shareTerms(caller.practiceId, body),
  ]);
  const sendAt: Instant | undefined = body.sendAt === undefined ? undefined : instant(body.sendAt);
  const request = {
    document: { kind: 'bill', id: path.billId } as const,
    shareId: needs.newId('share'),
    channel: body.channel,
    trigger: 'manual' as const,
    ...terms,
    sendAt,
  };
  return newShare(recipient, request, actOf(caller, needs));
}

function answer(of: { loaded: Loaded; billId: string; shareId: string }, { caller }: In, needs: typeof real) {
  const { loaded, billId, shareId } = of;
  const share = shareOf(loaded, billId, shareId);
  const body = { share: shareView(share), bill: shownBill(loaded, billId, caller, needs) };
  return share.channel === 'portal' ? reply(200, body) : reply(202, body);
}

export const handler = serve(shareBillRow, shareBill());
