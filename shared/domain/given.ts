type Given<T> = { -readonly [Name in keyof T]: Exclude<T[Name], undefined> };
type WithOptional<T> = Given<{ [Name in keyof T as undefined extends T[Name] ? never : Name]: T[Name] }> &
  Given<{ [Name in keyof T as undefined extends T[Name] ? Name : never]?: T[Name] }>;

/** The fields that were given: an absent field is absent, not `undefined`, in records and so in the table. */
export const given = <T extends object>(fields: T): WithOptional<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as WithOptional<T>;

/** What a PATCH may say of a record: a value sets a field, `null` empties an optional one, an absent field stays. */
export type Patch<T> = {
  readonly [Name in keyof T]?: T[Name] | (undefined extends T[Name] ? null : never) | undefined;
};

/** The record with the patch applied (JSON merge patch, one level deep). */
export function patched<T extends object>(record: T, patch: Patch<T>): T {
  const next = { ...record } as Record<string, unknown>;
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete next[name];
    else if (value !== undefined) next[name] = value;
  }
  return next as T;
}
