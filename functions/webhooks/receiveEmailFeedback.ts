import { logger } from '../../shared/logger';
import { real } from '../../shared/needs';
import { type MailEvent, newsOf, takeNews } from '../../shared/work/mailFeedback';

/** What became of a mail comes back to the share or notice it belongs to (`domain.md` rule 62). */
export const receiveEmailFeedback =
  (needs = real) =>
  async (event: MailEvent): Promise<void> => {
    const news = newsOf(event);
    if (!news) return logger.info('an event about no mail of ours', { type: event.detail.eventType });
    logger.info('mail feedback', { what: news.what, linkId: news.linkId });
    await takeNews(news, needs);
  };

export const handler = receiveEmailFeedback();
