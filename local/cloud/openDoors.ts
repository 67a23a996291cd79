import { type Door, openDoor } from '../gateway/exchange';
import { frontDoor } from '../gateway/frontDoor';
import { site } from '../gateway/site';
import { mailPage } from '../pages/mailPage';
import type { SignIn } from '../signin/signIn';
import type { Template } from '../template/template';
import type { Closing } from './closing';
import type { Cloud } from './cloud';
import { localApi } from './localApi';
import type { DoorName } from './ports';
import type { StandIns } from './standIns';

interface Doors {
  readonly template: Template;
  readonly ports: Readonly<Record<DoorName, number>>;
  readonly site: string | undefined;
  readonly api: Door;
  readonly signIn: SignIn;
  readonly cloud: Cloud;
  readonly standIns: StandIns;
  readonly closing: Closing;
}

/** What people and programs knock at: the system's one address, the gateway behind it, sign-in, and caught mail. */
export async function openDoors({
  template,
  ports,
  api,
  signIn,
  cloud,
  standIns,
  closing,
  ...rest
}: Doors): Promise<void> {
  const files = site(rest.site, { '/config.json': portalConfig(template) });
  const front = frontDoor(template, { api, site: files });
  const local = localApi(cloud);
  const portal: Door = request => (/^\/_local(\/|$)/.test(request.rawPath) ? local(request) : front(request));
  closing.add(await openDoor(ports.gateway, api));
  closing.add(await openDoor(ports.signIn, signIn.door));
  closing.add(await openDoor(ports.mail, mailPage(standIns.ses.mailbox)));
  closing.add(await openDoor(ports.portal, portal));
}

/** The file that publishing the site writes from the web stack's outputs: what differs between deployments. */
function portalConfig(template: Template): string {
  const outputs = template.outputs();
  return JSON.stringify({ issuer: outputs.Issuer, clientId: outputs.PortalClientId });
}
