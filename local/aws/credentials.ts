import type { Call } from './loopback';

/** Of `<access key>/<day>/<region>/<service>/aws4_request`, in the header or, for a presigned link, the query. */
export function accessKeyIdOf(call: Pick<Call, 'headers' | 'url'>): string | undefined {
  const header = /Credential=([^/,\s]+)\//.exec(call.headers.authorization ?? '')?.[1];
  return header ?? call.url.searchParams.get('X-Amz-Credential')?.split('/')[0];
}
