import { freshSecrets, webhookSecretsIn } from '../../../local/cloud/storage';
import { readAssembly } from '../../../local/template/assembly';
import { Template } from '../../../local/template/template';
import { writeAssembly } from '../template/writtenAssembly';

test('the stand-in signs for Stripe’s two endpoints with the two secrets that the functions are given, each its own', () => {
  const GenerateSecretString = { SecretStringTemplate: '{"secretKey":"","webhookSecret":""}', GenerateStringKey: 'x' };
  const Resources = { Stripe: { Type: 'AWS::SecretsManager::Secret', Properties: { GenerateSecretString } } };
  const outside = { secret: () => '', address: (text: string) => text };
  const template = new Template(readAssembly(writeAssembly({ one: { Resources } })), outside);
  const values = freshSecrets(template);
  const [kept = '{}'] = Object.values(values);
  const { webhookSecret, connectWebhookSecret } = JSON.parse(kept);
  expect([webhookSecret, connectWebhookSecret]).toEqual([expect.stringMatching(/^whsec_/), expect.any(String)]);
  expect(connectWebhookSecret).not.toBe(webhookSecret);
  const signing = webhookSecretsIn(template, name => values[name]);
  expect(signing).toEqual({ secret: webhookSecret, connectSecret: connectWebhookSecret });
});
