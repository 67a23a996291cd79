import { rows } from '../../shared/operations';

const methods: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const nouns = [...new Set(rows.map(row => row.noun))];

/** Nouns as they are listed, each with its paths by name: the order of a module's exports is nobody's decision. */
export const rowsInOrder = [...rows].sort(
  (a, b) =>
    nouns.indexOf(a.noun) - nouns.indexOf(b.noun) ||
    (a.path === b.path ? methods.indexOf(a.method) - methods.indexOf(b.method) : a.path < b.path ? -1 : 1),
);
