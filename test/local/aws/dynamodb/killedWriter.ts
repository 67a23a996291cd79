/**
 * A program that is killed in the middle of its work: writes the same ten items again and again, each time all of them in one
 * transaction with the next number, and says each number once it was answered.
 */
import { createEngine } from '../../../../local/aws/dynamodb/engine';

export const ITEMS = 10;
export const WRITTEN_TABLE = 'written';

const text = (S: string) => ({ S });

async function writeUntilKilled(folder: string, from: number): Promise<void> {
  const engine = await createEngine({ folder, clock: Date });
  for (let number = from; ; number++) {
    const TransactItems = Array.from({ length: ITEMS }, (_, at) => ({
      Put: {
        TableName: WRITTEN_TABLE,
        Item: { pk: text('set'), sk: text(String(at)), number: { N: String(number) }, g1pk: text(`n${number}`) },
      },
    }));
    await engine.handle('TransactWriteItems', { TransactItems });
    process.stdout.write(`${number}\n`);
  }
}

const [, program = '', folder, from] = process.argv;
if (program.endsWith('killedWriter.mjs') && folder !== undefined) void writeUntilKilled(folder, Number(from));
