import { Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { defaultRuntime } from '../../../src/private/synth/node-runtime';

test('functions run on Node.js 24 where the CDK of the app knows it, else on Node.js 22', () => {
  expect(Reflect.get(Runtime, 'NODEJS_24_X')).toBeUndefined();
  expect(defaultRuntime().name).toBe('nodejs22.x');
  try {
    Reflect.set(Runtime, 'NODEJS_24_X', new Runtime('nodejs24.x', RuntimeFamily.NODEJS));
    expect(defaultRuntime().name).toBe('nodejs24.x');
  } finally {
    Reflect.deleteProperty(Runtime, 'NODEJS_24_X');
  }
});
