import { isProblem } from '../domain/problem';
import { type Loaded, loadBill } from '../store/billStore';

/** Nothing once the bill was deleted. */
export async function findBill(practiceId: string, billId: string): Promise<Loaded | undefined> {
  try {
    return await loadBill(practiceId, billId);
  } catch (error) {
    if (isProblem(error, 'not_found')) return undefined;
    throw error;
  }
}
