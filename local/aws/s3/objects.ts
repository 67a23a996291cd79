import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import { type Files, fileNameOf, openFiles } from '../files';

export interface ObjectFacts {
  readonly key: string;
  readonly bytes: number;
  readonly etag: string;
  readonly modifiedAt: number;
  /** Present in a bucket that keeps versions. */
  readonly versionId?: string;
  /** The headers that S3 keeps and gives back: content type, disposition, `x-amz-meta-…` and the like. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface StoredObject {
  readonly facts: ObjectFacts;
  readonly body: Buffer;
}

const LENGTH_BYTES = 4;

/** Facts and body in one record, so that neither is ever seen without the other. */
function pack({ facts, body }: StoredObject): Buffer {
  const head = Buffer.from(JSON.stringify(facts));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, body]);
}

function unpack(record: Buffer): StoredObject {
  const bodyAt = LENGTH_BYTES + record.readUInt32BE(0);
  const facts = JSON.parse(record.subarray(LENGTH_BYTES, bodyAt).toString()) as ObjectFacts;
  return { facts, body: record.subarray(bodyAt) };
}

const versionName = (key: string, versionId: string) => `${fileNameOf(key)}@${versionId}`;

export class Bucket {
  readonly #files: Files;
  readonly #facts = new Map<string, ObjectFacts>();

  constructor(
    readonly name: string,
    private readonly keepsVersions: boolean,
    folder: string | undefined,
  ) {
    this.#files = openFiles(folder === undefined ? undefined : path.join(folder, name));
    for (const file of this.#files.names().filter(name => !name.includes('@'))) {
      const record = this.#files.read(file);
      if (record === undefined) continue;
      const { facts } = unpack(record);
      this.#facts.set(facts.key, facts);
    }
  }

  facts(key: string): ObjectFacts | undefined {
    return this.#facts.get(key);
  }

  read(key: string, versionId?: string | null): StoredObject | undefined {
    const wanted = versionId && this.facts(key)?.versionId !== versionId;
    const record = this.#files.read(wanted ? versionName(key, versionId) : fileNameOf(key));
    return record === undefined ? undefined : unpack(record);
  }

  put(key: string, body: Buffer, headers: ObjectFacts['headers'], modifiedAt: number): ObjectFacts {
    const facts: ObjectFacts = {
      key,
      bytes: body.length,
      etag: createHash('md5').update(body).digest('hex'),
      modifiedAt,
      headers,
      ...(this.keepsVersions ? { versionId: randomUUID().replaceAll('-', '') } : {}),
    };
    this.#keepVersion(key);
    this.#files.write(fileNameOf(key), pack({ facts, body }));
    this.#facts.set(key, facts);
    return facts;
  }

  remove(key: string): void {
    this.#keepVersion(key);
    this.#files.remove(fileNameOf(key));
    this.#facts.delete(key);
  }

  /** In the order of the keys' bytes, as S3 lists them. */
  list(prefix: string, after: string): ObjectFacts[] {
    return [...this.#facts.values()]
      .filter(facts => facts.key.startsWith(prefix) && facts.key > after)
      .sort((one, other) => Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)));
  }

  #keepVersion(key: string): void {
    const versionId = this.facts(key)?.versionId;
    if (versionId !== undefined) this.#files.alias(fileNameOf(key), versionName(key, versionId));
  }
}
