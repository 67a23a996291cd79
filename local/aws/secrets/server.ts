import { randomUUID } from 'node:crypto';
import { allowAll, type Part, type PartOptions } from '../../parts';
import { secretArn } from '../arns';
import { fileNameOf, openFiles } from '../files';
import { type Json, ServiceError, serveJson } from '../jsonService';

export interface SecretsOptions extends PartOptions {
  /** The secrets that exist, by name; a value already on disk wins over the one given here. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The ARN of the key a secret is encrypted with; its readers then also need `kms:Decrypt`. */
  readonly kmsKeyOf?: (secret: string) => string | undefined;
}

export interface SecretsPart extends Part {
  /** The current value; undefined for a secret that does not exist. */
  valueOf(name: string): string | undefined;
}

interface StoredSecret {
  readonly name: string;
  readonly value: string;
  readonly versionId: string;
  readonly changedAt: number;
}

const throttled = () => new ServiceError('ThrottlingException', 'Rate exceeded');

/** Named by its name or by its ARN, which ends in a hyphen and six characters. */
const nameOf = (secretId: string) => /:secret:(.+)-[^-]{6}$/.exec(secretId)?.[1] ?? secretId;

class SecretStore {
  readonly #files;
  readonly #secrets = new Map<string, StoredSecret>();

  constructor(private readonly options: SecretsOptions) {
    this.#files = openFiles(options.folder);
    for (const file of this.#files.names()) {
      const secret = JSON.parse(this.#files.read(file)?.toString() ?? '') as StoredSecret;
      this.#secrets.set(secret.name, secret);
    }
    for (const [name, value] of Object.entries(options.secrets)) if (!this.#secrets.has(name)) this.put(name, value);
  }

  find(name: string): StoredSecret | undefined {
    return this.#secrets.get(name);
  }

  get(name: string): StoredSecret {
    const secret = this.find(name);
    if (secret === undefined)
      throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    return secret;
  }

  put(name: string, value: string): StoredSecret {
    const secret = { name, value, versionId: randomUUID(), changedAt: this.options.clock.now() };
    this.#files.write(`${fileNameOf(name)}.json`, Buffer.from(JSON.stringify(secret)));
    this.#secrets.set(name, secret);
    return secret;
  }
}

const named = ({ name, versionId }: StoredSecret) => ({ ARN: secretArn(name), Name: name, VersionId: versionId });

const operations: Readonly<Record<string, (store: SecretStore, name: string, input: Json) => Json>> = {
  GetSecretValue: (store, name) => {
    const secret = store.get(name);
    return {
      ...named(secret),
      SecretString: secret.value,
      VersionStages: ['AWSCURRENT'],
      CreatedDate: secret.changedAt / 1000,
    };
  },
  PutSecretValue: (store, name, input) => {
    store.get(name);
    if (typeof input.SecretString !== 'string')
      throw new ServiceError('InvalidRequestException', 'You must provide either SecretString or SecretBinary.');
    return { ...named(store.put(name, input.SecretString)), VersionStages: ['AWSCURRENT'] };
  },
  DescribeSecret: (store, name) => {
    const { versionId, changedAt } = store.get(name);
    return {
      ARN: secretArn(name),
      Name: name,
      LastChangedDate: changedAt / 1000,
      VersionIdsToStages: { [versionId]: ['AWSCURRENT'] },
    };
  },
};

const keyActions: Readonly<Record<string, readonly string[]>> = {
  GetSecretValue: ['kms:Decrypt'],
  PutSecretValue: ['kms:GenerateDataKey', 'kms:Decrypt'],
};

export async function startSecrets(options: SecretsOptions): Promise<SecretsPart> {
  const { checkAccess = allowAll, kmsKeyOf = () => undefined } = options;
  const store = new SecretStore(options);

  async function handle(operation: string, input: Json, accessKeyId: string): Promise<Json> {
    const perform = operations[operation];
    if (perform === undefined) throw new ServiceError('UnknownOperationException', 'The stand-in does not know it.');
    const name = nameOf(String(input.SecretId ?? ''));
    checkAccess(accessKeyId, `secretsmanager:${operation}`, secretArn(name));
    const key = kmsKeyOf(name);
    if (key !== undefined) for (const action of keyActions[operation] ?? []) checkAccess(accessKeyId, action, key);
    return perform(store, name, input);
  }

  const server = await serveJson({ version: '1.1', throttled, handle }, options);
  return { ...server, valueOf: name => store.find(name)?.value };
}
