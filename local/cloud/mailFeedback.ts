import type { FeedbackEvent } from '../aws/ses/feedback';
import type { Template } from '../template/template';

interface DestinationProperties {
  readonly ConfigurationSetName: string;
  readonly EventDestination: {
    readonly Enabled?: boolean;
    readonly MatchingEventTypes: readonly string[];
    readonly EventBridgeDestination?: unknown;
  };
}

/** Which of SES's events reach the event bus: those that a configuration set sends there. */
export function publishedFeedback(template: Template): (event: FeedbackEvent) => boolean {
  const declared = template.all<DestinationProperties>('AWS::SES::ConfigurationSetEventDestination');
  const published = new Set(
    declared.flatMap(({ properties: { ConfigurationSetName, EventDestination } }) =>
      EventDestination.Enabled === false || EventDestination.EventBridgeDestination === undefined
        ? []
        : EventDestination.MatchingEventTypes.map(type => `${ConfigurationSetName} ${type.toLowerCase()}`),
    ),
  );
  return ({ detail: { eventType, mail } }) =>
    (mail.tags['ses:configuration-set'] ?? []).some(set => published.has(`${set} ${eventType.toLowerCase()}`));
}
