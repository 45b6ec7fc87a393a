import { readFileSync } from 'node:fs';
import { SDK_MODELS } from '../../local/stepfunctions/integrations/sdk-models.generated';
import { SDK_MODELS_FILE, sdkModelsText } from '../../projenrc/tools/sdk-models';

test('the models of services are those of the SDK that is installed: npx projen docgen:sdk-models', () => {
  expect(readFileSync(SDK_MODELS_FILE, 'utf8') === sdkModelsText()).toBe(true);
});

test('a model says what an operation takes', () => {
  const { operations, shapes } = SDK_MODELS.sqs;
  expect(operations.SendMessage).toBe('#SendMessageRequest');
  expect(shapes.SendMessageRequest).toMatchObject({ QueueUrl: '!s', MessageBody: '!s', DelaySeconds: 'n', MessageAttributes: '{#MessageAttributeValue' });
  expect(SDK_MODELS.sfn.shapes.StartExecutionInput.StateMachineArn).toBe('!s');
});
