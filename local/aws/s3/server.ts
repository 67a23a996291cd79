import { allowAll, type Part, type PartOptions } from '../../parts';
import { suffer } from '../faulty';
import { type Answer, type Call, listen } from '../loopback';
import { type CorsRule, corsHeaders, preflight } from './cors';
import { operationOf, performS3, type S3Call } from './objectCalls';
import { Bucket } from './objects';
import { verifySignature } from './signature';
import { errorAnswer, S3Error } from './xml';

export interface BucketOptions {
  readonly name: string;
  readonly versioned?: boolean;
  readonly cors?: readonly CorsRule[];
}

export interface S3Options extends PartOptions {
  readonly buckets: readonly BucketOptions[];
  /** The secret behind an access key; `local` for every key unless told. */
  readonly secretOf?: (accessKeyId: string) => string | undefined;
  /** The ARN of the key a bucket is encrypted with; its callers then also need that key's action. */
  readonly kmsKeyOf?: (bucket: string) => string | undefined;
}

const kmsActions: Readonly<Record<string, string>> = {
  's3:GetObject': 'kms:Decrypt',
  's3:PutObject': 'kms:GenerateDataKey',
};

function demandOf(options: S3Options, accessKeyId: string): S3Call['demand'] {
  const { checkAccess = allowAll, kmsKeyOf = () => undefined } = options;
  return (action, bucket, resource) => {
    checkAccess(accessKeyId, action, resource);
    const kmsAction = kmsActions[action];
    const key = kmsKeyOf(bucket);
    if (kmsAction !== undefined && key !== undefined) checkAccess(accessKeyId, kmsAction, key);
  };
}

/** Path style: `/<bucket>/<key>`. */
function placeOf(call: Call): { bucketName: string; key: string } {
  const [bucketName = '', ...rest] = call.url.pathname.slice(1).split('/').map(decodeURIComponent);
  return { bucketName, key: rest.join('/') };
}

const serverError = (kind: 'throttle' | '500') =>
  kind === 'throttle'
    ? new S3Error(503, 'SlowDown', 'Please reduce your request rate.')
    : new S3Error(500, 'InternalError', 'We encountered an internal error. Please try again.');

export async function startS3(options: S3Options): Promise<Part> {
  const { secretOf = () => 'local', clock } = options;
  const buckets = new Map(
    options.buckets.map(({ name, versioned }) => [name, new Bucket(name, versioned ?? false, options.folder)]),
  );
  const cors = new Map(options.buckets.map(({ name, cors: rules }) => [name, rules ?? []]));
  const bucketNamed = (name: string) => {
    const bucket = buckets.get(name);
    if (bucket === undefined) throw new S3Error(404, 'NoSuchBucket', 'The specified bucket does not exist');
    return bucket;
  };

  async function signedCall(call: Call): Promise<Answer> {
    const { bucketName, key } = placeOf(call);
    const accessKeyId = verifySignature(call, clock.now(), secretOf);
    const operation = operationOf(call, key);
    const request = { service: 's3', operation, accessKeyId, error: serverError } as const;
    return suffer(options, request, async () => {
      const demand = demandOf(options, accessKeyId);
      return performS3(operation, {
        call,
        bucket: bucketNamed(bucketName),
        key,
        now: clock.now(),
        bucketNamed,
        demand,
      });
    });
  }

  return listen(options, async call => {
    const rules = cors.get(placeOf(call).bucketName) ?? [];
    if (call.method === 'OPTIONS') return preflight(rules, call);
    const answer = await signedCall(call).catch((error: unknown) => errorAnswer(error, call.method));
    return { ...answer, headers: { ...answer.headers, ...corsHeaders(rules, call) } };
  });
}
