/** What can be shared. A statement and a superbill stand with their client, a bill by itself. */
export type DocumentRef =
  | { readonly kind: 'bill'; readonly id: string }
  | { readonly kind: 'statement' | 'superbill'; readonly id: string; readonly clientId: string };
export type ClientDocumentRef = Exclude<DocumentRef, { kind: 'bill' }>;
