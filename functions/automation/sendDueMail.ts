import { workQueue } from '../../shared/work/queueDoor';
import { sendNotice } from '../../shared/work/sendNotice';
import { sendShare } from '../../shared/work/sendShare';
import { sendSignIn } from '../../shared/work/sendSignIn';

export const handler = workQueue('sendDueMail', {
  SHARE: item => sendShare(item),
  NOTICE: item => sendNotice(item),
  SIGN_IN: item => sendSignIn(item),
});
