import { systemAct } from '../needs';
import { practiceOf } from '../store/cardStore';
import type { SharedDocument } from '../store/sharedDocument';
import { statementStore } from '../store/statementStore';
import { superbillStore } from '../store/superbillStore';
import { refusal } from './automation/refusal';
import type { MailNeeds } from './mailNeeds';

/**
 * The next version of a document that waits to go out by itself and is out of date: the delay is there to leave room for
 * changes. Its mail moves to the new version, and is due at once. Answers why there is none, if there is none.
 */
export async function makeAnew(
  { practiceId, id, ...shared }: Exclude<SharedDocument, { kind: 'bill' }>,
  needs: MailNeeds,
): Promise<string | undefined> {
  const { files } = needs;
  const { clientId } = shared.head;
  const act = systemAct((await practiceOf(practiceId)).timeZone, needs);
  try {
    if (shared.kind === 'superbill') {
      const request = { superbillId: needs.newId('sup'), clientId, reissueOf: id, ask: false };
      await superbillStore.reissue(practiceId, request, { act, files });
    } else {
      const { statement, text } = await statementStore.load(practiceId, { clientId, statementId: id }, files);
      const { from, to } = statement;
      const request = { statementId: needs.newId('stm'), clientId, from, to, comments: text.comments, reissueOf: id };
      await statementStore.create(practiceId, request, { act, files });
    }
    return undefined;
  } catch (error) {
    return refusal(error).code;
  }
}
