import type { Task } from '../../domain/automation/run';
import { billLists } from '../../store/billLists';
import { clientStore } from '../../store/clientStore';
import type { JobList } from './engine';

/** Bills on which a client owes something, of clients who are on AutoPay; the others are only counted. */
export const autopayList: JobList = {
  tasksOfPart: 10,
  async page(practiceId, _, cursor) {
    const { bills, nextCursor } = await billLists.owedByClients(practiceId, { limit: 100, cursor });
    const clientIds = [...new Set(bills.map(({ clientId }) => clientId))];
    const billings = await clientStore.billingOf(practiceId, clientIds);
    const onAutopay = new Set(billings.filter(({ autopay }) => autopay).map(({ clientId }) => clientId));
    const tasks = bills
      .filter(({ clientId }) => onAutopay.has(clientId))
      .map(({ clientId, billId }): Task => ({ clientId, billId }));
    const off = bills.length - tasks.length;
    return { tasks, passed: off > 0 ? { autopay_off: off } : {}, nextCursor };
  },
};
