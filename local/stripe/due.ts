import { expireSession } from './checkoutSessions';
import { Desk, type World } from './desk';
import { failRefund, succeedRefund } from './refunds';

/** Does what has come due by the clock, in order: hosted pages end, banks answer refunds. */
export function settleDue(world: World): void {
  const now = Math.floor(world.clock.now() / 1000);
  const due = world.books.all('all', 'due').filter(({ at }) => at <= now);
  for (const { id, account, what } of due.sort((a, b) => a.at - b.at)) {
    const desk = new Desk(world, account);
    if (what === 'session_expires') expireSession(desk, desk.get('checkout.session', id));
    else if (what === 'refund_fails') failRefund(desk, id);
    else succeedRefund(desk, id);
  }
  if (due.length > 0) world.books.commit();
}
