import { rows } from '../../../shared/operations';
import { fieldsOf } from '../../fixtures/bodyFields';
import { takenNonsense, wrongValues } from '../../fixtures/nonsense';

const taking = rows.filter(row => row.body !== undefined).map(row => [row.operation, row] as const);

describe('each field of each body', () => {
  test.each(taking)('%s: no field takes nonsense of its kind', (_, row) => {
    const taken = fieldsOf(row).map(
      ({ path, schema }) => [path.join('.'), takenNonsense(schema, String(path.at(-1)))] as const,
    );
    expect(taken.filter(([, values]) => values.length > 0)).toEqual([]);
  });

  test.each(taking)('%s: every field has a value that is wrong for it', (_, row) => {
    const fields = fieldsOf(row);
    expect(fields.length).toBeGreaterThan(0);
    expect(
      fields.filter(({ path, schema }) => wrongValues(schema, String(path.at(-1))).length < 5).map(({ path }) => path),
    ).toEqual([]);
  });
});
