import { createServer } from 'node:net';
import type { KeptValue } from './keptValue';

/** What listens, in the order of its port. */
export const doors = [
  'portal',
  'stripe',
  'mail',
  'signIn',
  'gateway',
  'dynamodb',
  's3',
  'sqs',
  'ses',
  'secrets',
  'cognito',
] as const;
export type DoorName = (typeof doors)[number];
export type Addresses = Readonly<Record<DoorName, string>>;

export class PortInUse extends Error {
  constructor(port: number) {
    super(
      `Port ${port} is in use. Stop what listens there, or choose another: PORT=${port + 100} npm start (PORT=0 takes any).`,
    );
    this.name = 'PortInUse';
  }
}

/** The port if it is free; 0 asks for any. */
async function free(port: number): Promise<number | undefined> {
  const probe = createServer();
  return new Promise(resolve => {
    probe.once('error', () => resolve(undefined));
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}

/**
 * The first port as asked, the others after it, past those that somebody else has. With 0, any: those of the last time if
 * they are free, since tokens and links name them.
 */
export async function choosePorts(
  first: number,
  kept: KeptValue<readonly number[]>,
): Promise<Readonly<Record<DoorName, number>>> {
  const before = kept.read() ?? [];
  const chosen: number[] = [];
  for (const [at] of doors.entries()) {
    const wish = first === 0 ? (before[at] ?? 0) : at === 0 ? first : (chosen.at(-1) ?? first) + 1;
    let port = await free(wish);
    if (port === undefined && first !== 0 && at === 0) throw new PortInUse(first);
    for (let next = wish + 1; port === undefined || chosen.includes(port); next += 1)
      port = await free(first === 0 ? 0 : next);
    chosen.push(port);
  }
  kept.write(chosen);
  return Object.fromEntries(doors.map((door, at) => [door, chosen[at] ?? 0])) as Record<DoorName, number>;
}

export const addressesOf = (ports: Readonly<Record<DoorName, number>>): Addresses =>
  Object.fromEntries(doors.map(door => [door, `http://127.0.0.1:${ports[door]}`])) as Record<DoorName, string>;

/** What the template calls by AWS's addresses, this machine has at its own. */
export function localAddress(addresses: Addresses): (text: string) => string {
  const places: readonly (readonly [RegExp, string])[] = [
    [/https:\/\/[\w-]+\.cloudfront\.net/g, addresses.portal],
    [/https:\/\/\w+\.execute-api\.[\w-]+\.amazonaws\.com/g, addresses.gateway],
    [/https:\/\/cognito-idp\.[\w-]+\.amazonaws\.com/g, addresses.signIn],
    [/https:\/\/[\w-]+\.auth\.[\w-]+\.amazoncognito\.com/g, addresses.signIn],
    [/https:\/\/sqs\.[\w-]+\.amazonaws\.com/g, addresses.sqs],
    [/https:\/\/([\w-]+)\.s3(?:\.[\w-]+)?\.amazonaws\.com/g, `${addresses.s3}/$1`],
    [/https:\/\/api\.stripe\.com/g, addresses.stripe],
  ];
  return text => {
    if (!text.includes('https://')) return text;
    return places.reduce((changed, [place, local]) => changed.replace(place, local), text);
  };
}
