/** What holds for every operation, once: a title and a paragraph, with `code` in back quotes. */
export const conventions: readonly (readonly [title: string, text: string])[] = [
  [
    'Values',
    'JSON in camelCase. Money is an integer of minor units in fields that end with `Cents`, in the practice’s one currency. Calendar dates are `YYYY-MM-DD` in the practice’s zone, in fields that end with `On` and in `from`, `to`, `dateOfService`. Instants are RFC 3339 in fields that end with `At`. Ids are a prefix and a ULID. Text is trimmed and holds no control characters.',
  ],
  [
    'Who calls',
    'Staff send `Authorization: Bearer` with the access token of the sign-in; roles are read from the practice’s members. A guest’s token comes from `POST /guest/bills/lookup`, opens that one bill and lasts 30 minutes. What belongs to another practice, or to a client that the caller does not see, is 404.',
  ],
  [
    'Lists',
    '`limit` (1 to 100) and `cursor` in, `items` and `nextCursor` out; the last page has `nextCursor: null`. A filtered page may be shorter than its limit.',
  ],
  [
    'Repeats',
    '`Idempotency-Key` is required where money moves and accepted on every other POST. The same key with the same request gives the same status and ids, with the objects as they stand now and the header `Idempotent-Replayed: true`; with another request it is 422 `idempotency_key_reused`. Answers of 2xx and 402 are kept, for 24 hours at least; after any other answer the same key may be tried again.',
  ],
  [
    'Changes to a bill',
    'A bill’s `version` is its ETag. Where `If-Match` is taken, a version that is no longer current is 412 `version_conflict`. `version` counts what a person can edit or pay; delivery and views do not raise it.',
  ],
  [
    'Refusals',
    'RFC 9457 `application/problem+json` with `code`, the facts of the case as further members, and `requestId`. They are looked for in this order: 401, 413, 415, 400, 403, 422, a repeat, 404, 412, then what the bill’s state forbids. Nothing is ever half-written. A field that the request does not know is 422, so that a misspelt one is not lost. What the gateway itself refuses (no `Authorization` on a guarded route, more than 10 MB, a flood) has its status and `{ "message": … }`.',
  ],
  ['Answers', 'New fields may be added to any answer: ignore those that you do not know.'],
];
