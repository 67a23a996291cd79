import { rows } from '../../shared/operations';
import { exampleBodies } from '../../shared/operations/examples';

const taking = rows.filter(row => row.body !== undefined);

describe('the API’s pages show a body that works', () => {
  test('every operation with a body has an example, and no example is left over', () => {
    const wanted = [...taking.map(row => row.operation), 'createImport'];
    expect(Object.keys(exampleBodies).sort()).toEqual(wanted.sort());
  });

  test.each(taking.map(row => [row.operation, row] as const))('the example of %s is taken by its row', (name, row) => {
    expect(row.body?.safeParse(exampleBodies[name]).error?.issues ?? []).toEqual([]);
  });

  test('nobody’s address stands in an example', () => {
    const addresses = JSON.stringify(exampleBodies).match(/[\w.]+@[\w.]+/g) ?? [];
    expect(addresses.length).toBeGreaterThan(3);
    expect(addresses.filter(address => !address.endsWith('@example.com'))).toEqual([]);
  });
});
