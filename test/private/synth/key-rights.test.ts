import { App, Stack } from 'aws-cdk-lib';
import { Alias, IKey, Key } from 'aws-cdk-lib/aws-kms';
import { keyInPolicies, useKey } from '../../../src/private/synth/key-rights';
import { plain } from '../../support/template';

const ENV = { account: '111122223333', region: 'eu-west-1' };
const ARN = 'arn:aws:kms:eu-west-1:111122223333:key/8c1e3f5a-0000-4000-8000-000000000000';
const ALL = 'arn:<AWS::Partition>:kms:eu-west-1:111122223333:key/*';

const newAlias = (stack: Stack) => new Alias(stack, 'Alias', { aliasName: 'results', targetKey: new Key(stack, 'Key') });

test.each<[how: string, key: (stack: Stack) => IKey, arn: string, alias: string | undefined]>([
  ['by its ARN', (stack) => Key.fromKeyArn(stack, 'Key', ARN), ARN, undefined],
  ['as a new key', (stack) => new Key(stack, 'Key'), '<Key961B73FD.Arn>', undefined],
  ['by the name of an alias', (stack) => Alias.fromAliasName(stack, 'Key', 'alias/results'), ALL, 'alias/results'],
  ['by the attributes of an alias', (stack) => Alias.fromAliasAttributes(stack, 'Key', { aliasName: 'alias/results', aliasTargetKey: new Key(stack, 'Target') }), ALL, 'alias/results'],
  ['by the ARN of an alias', (stack) => Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111122223333:alias/team/results'), ALL, 'alias/team/results'],
  ['as a new alias', newAlias, ALL, 'alias/results'],
  ['as an alias of another stack', (stack) => newAlias(new Stack(App.of(stack) as App, 'Other', { env: ENV })), ALL, 'alias/results'],
])('a key that is known %s can be used', (_how, keyOf, arn, alias) => {
  const stack = new Stack(new App(), 'Stack', { env: ENV });
  const key = keyOf(stack);
  expect(plain(stack.resolve(keyInPolicies(key)))).toEqual(alias === undefined ? { arn } : { arn, alias });
  const byAlias = alias === undefined ? {} : { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': alias } };
  expect(plain(stack.resolve(useKey(key, ['kms:Decrypt'], { via: 's3' }).toStatementJson()))).toEqual({
    Effect: 'Allow', Action: 'kms:Decrypt', Resource: arn, Condition: { ...byAlias, StringEquals: { 'kms:ViaService': 's3.eu-west-1.<AWS::URLSuffix>' } },
  });
});
