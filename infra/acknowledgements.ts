import { type App, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** A route without authorizer: the reason stands in its row. */
export const openRoute = (route: IConstruct, because: string): void =>
  Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason: because });

/** Findings that we know and accept, by subject; what is not here fails the synth. */
const accepted: readonly { readonly because: string; readonly ids: readonly string[] }[] = [];

export function acknowledgeKnown(app: App): void {
  for (const { because, ids } of accepted) {
    for (const id of ids) Validations.of(app).acknowledge({ id, reason: because });
  }
}
