import type { Share } from '../domain/billRecord';
import type { Practice } from '../domain/practice';
import type { Message } from '../email/letter';
import type { OutgoingMail } from '../email/mailer';
import { documentMessage } from '../email/messages';
import { recordOf } from '../store/billStore';
import type { SharedDocument } from '../store/sharedDocument';
import { billMail, portalOf } from './billMail';
import type { MailNeeds } from './mailNeeds';

interface Of {
  readonly shared: SharedDocument;
  readonly share: Share;
  readonly practice: Practice;
}

/** What the mail of a share says, with its PDF where that was asked for. */
export async function shareMail(of: Of, needs: MailNeeds): Promise<Pick<OutgoingMail, 'message' | 'attachments'>> {
  const { shared, share, practice } = of;
  const pdf = share.includePdf ? await pdfOf(shared, needs) : undefined;
  const message =
    shared.kind === 'bill'
      ? billMail(recordOf(shared.loaded, shared.id), practice, {
          linkId: share.shareId,
          key: await needs.linkKey(),
          attached: pdf !== undefined,
        })
      : documentMail(shared, practice, pdf !== undefined);
  return { message, ...(pdf ? { attachments: [{ filename: pdf.filename, bytes: pdf.bytes }] } : {}) };
}

type OfClient = Exclude<SharedDocument, { kind: 'bill' }>;

const pdfOf = (shared: SharedDocument, needs: MailNeeds) =>
  shared.kind === 'bill' ? needs.billPdf(shared.loaded, shared.id) : needs.sharedPdf(shared);

function documentMail(shared: OfClient, practice: Practice, attached: boolean): Message {
  const { from, to } = shared.head;
  return documentMessage({
    kind: shared.kind,
    practiceName: practice.billingName,
    ...(practice.email ? { practiceEmail: practice.email } : {}),
    ...(shared.kind === 'statement' ? { period: { from, to } } : {}),
    attached,
    ...portalOf(practice),
  });
}
