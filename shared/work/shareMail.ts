import type { Share } from '../domain/billRecord';
import type { Message } from '../email/letter';
import type { OutgoingMail } from '../email/mailer';
import { documentMessage } from '../email/messages';
import { recordOf } from '../store/billStore';
import type { SharedDocument } from '../store/sharedDocument';
import { billMail, portalOf } from './billMail';
import type { MailNeeds } from './mailNeeds';
import { type Sender, senderFacts } from './sender';

interface Of {
  readonly shared: SharedDocument;
  readonly share: Share;
  readonly sender: Sender;
}

/** What the mail of a share says, with its PDF where that was asked for. */
export async function shareMail(of: Of, needs: MailNeeds): Promise<Pick<OutgoingMail, 'message' | 'attachments'>> {
  const { shared, share, sender } = of;
  const pdf = share.includePdf ? await pdfOf(shared, needs) : undefined;
  const message =
    shared.kind === 'bill'
      ? billMail(recordOf(shared.loaded, shared.id), sender, {
          linkId: share.shareId,
          key: await needs.linkKey(),
          attached: pdf !== undefined,
        })
      : documentMail(shared, sender, pdf !== undefined);
  return { message, ...(pdf ? { attachments: [{ filename: pdf.filename, bytes: pdf.bytes }] } : {}) };
}

type OfClient = Exclude<SharedDocument, { kind: 'bill' }>;

const pdfOf = (shared: SharedDocument, needs: MailNeeds) =>
  shared.kind === 'bill' ? needs.billPdf(shared.loaded, shared.id) : needs.sharedPdf(shared);

function documentMail(shared: OfClient, sender: Sender, attached: boolean): Message {
  const { from, to } = shared.head;
  return documentMessage({
    kind: shared.kind,
    ...senderFacts(sender),
    ...(shared.kind === 'statement' ? { period: { from, to } } : {}),
    attached,
    ...portalOf(sender),
  });
}
