import { real } from '../../shared/needs';
import { workQueue } from '../../shared/work/queueDoor';
import { sendNotice } from '../../shared/work/sendNotice';
import { sendShare } from '../../shared/work/sendShare';

export const handler = workQueue('sendDueMail', {
  SHARE: item => sendShare(item, real),
  NOTICE: item => sendNotice(item, real),
});
