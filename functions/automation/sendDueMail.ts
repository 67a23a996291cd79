import { workQueue } from '../../shared/work/queueDoor';
import { sendNotice } from '../../shared/work/sendNotice';
import { sendShare } from '../../shared/work/sendShare';

export const handler = workQueue('sendDueMail', {
  SHARE: item => sendShare(item),
  NOTICE: item => sendNotice(item),
});
