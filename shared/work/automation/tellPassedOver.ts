import type { Attention } from '../../domain/attention';
import type { AutopayPlan, AutopaySkip } from '../../domain/automation/planAutopay';
import type { Instant } from '../../domain/calendar';
import { given } from '../../domain/given';
import { attentionStore } from '../../store/attentionStore';
import { autopayPassedId } from '../../store/autopayTold';
import { type Alongside, type Loaded, recordOf } from '../../store/billStore';

/** What keeps AutoPay from a bill until somebody does something about it. */
const lasting: ReadonlySet<AutopaySkip> = new Set([
  'consent_ended',
  'no_card',
  'other_recipient',
  'card_expired',
  'over_limit',
]);

/**
 * Staff are told of a bill that AutoPay passes over night after night: once for each reason and card (`domain.md` rule 11).
 * It goes along with whatever the night writes on the bill, and is seen to once nothing is owed there.
 */
export async function tellPassedOver(
  loaded: Loaded,
  billId: string,
  { reason, passedOver, at }: Pick<AutopayPlan, 'reason' | 'passedOver'> & { at: Instant },
): Promise<Pick<Alongside, 'writes' | 'heads'> | undefined> {
  if (reason === undefined || !lasting.has(reason)) return undefined;
  const { practiceId } = loaded;
  const { head } = recordOf(loaded, billId);
  const attentionId = autopayPassedId(billId);
  const facts = given({ reason, cardId: passedOver?.cardId });
  const known = await attentionStore.find(practiceId, attentionId);
  if (known?.facts.reason === facts.reason && known.facts.cardId === facts.cardId) return undefined;
  const told = { attentionId, kind: 'autopay_passed_over', at, billId, clientId: head.clientId, facts };
  const isOpen = known !== undefined && known.resolvedAt === undefined;
  return {
    writes: [known ? attentionStore.replace(practiceId, anew(known, told)) : attentionStore.add(practiceId, told)],
    heads: new Map([[billId, { attention: head.attention + (isOpen ? 0 : 1) }]]),
  };
}

/** Seen to before, it is asked for again. */
const anew = ({ resolvedAt: _, resolvedBy: __, choice: ___, ...kept }: Attention, told: Attention): Attention => ({
  ...kept,
  ...told,
});
