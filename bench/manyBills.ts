import { marshall } from '@aws-sdk/util-dynamodb';
import type { Engine } from '../local/aws/dynamodb/engine';
import type { BillRecord } from '../shared/domain/billRecord';
import { addDays, calendarDate } from '../shared/domain/calendar';
import { newId } from '../shared/ids';
import { entryWrite, newBillWrites } from '../shared/store/billStore';
import type { Item } from '../shared/store/kernel';

/** Ids of a bill that belong to it alone: a copy has its own. Its client stays. */
const ownId = /\b(bill|line|ent|pay)_[0-9A-HJKMNP-TV-Z]{26}\b/g;

/** The bill once more, under other ids and another number, issued and due some days earlier. */
function copyOf(record: BillRecord, nth: number): BillRecord {
  const ids = new Map<string, string>();
  const renamed = JSON.stringify(record).replace(ownId, (id, prefix: 'bill') => {
    const own = ids.get(id) ?? newId(prefix);
    ids.set(id, own);
    return own;
  });
  const copy = JSON.parse(renamed) as BillRecord;
  const { head, text } = copy;
  const number = `${head.number.split('-')[0]}-${100_000 + nth}`;
  const earlier = (date: string) => addDays(calendarDate(date), -(nth % 300));
  return {
    ...copy,
    head: { ...head, number, issuedOn: earlier(head.issuedOn), dueOn: earlier(head.dueOn) },
    text: { ...text, number },
  };
}

/** Fills a practice with copies of its bills, in turn, straight into the engine: heads, texts, entries, and their indexes. */
export async function fillPractice(
  engine: Pick<Engine, 'handle'>,
  practiceId: string,
  { models, howMany }: { readonly models: readonly BillRecord[]; readonly howMany: number },
): Promise<void> {
  let batch: Item[] = [];
  const put = async () => {
    const puts = batch.map(item => ({ PutRequest: { Item: marshall(item, { removeUndefinedValues: true }) } }));
    await engine.handle('BatchWriteItem', { RequestItems: { [process.env.TABLE_NAME ?? '']: puts } });
    batch = [];
  };
  for (let nth = 0; nth < howMany; nth += 1) {
    const model = models[nth % models.length];
    if (!model) throw new Error('there is no bill to copy');
    const copy = copyOf(model, nth);
    const writes = [...newBillWrites(practiceId, copy), ...copy.entries.map(entry => entryWrite(practiceId, entry))];
    for (const write of writes) {
      if ('put' in write) batch.push(write.put);
      if (batch.length === 25) await put();
    }
  }
  if (batch.length > 0) await put();
}
