import { RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alias, IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { FACTS } from './facts';
import { RunContinuation, ItemProcessor, PageSource } from '../../src';
import { testLogGroups } from '../support/construct-kit/log-groups';
import { useOfOtherStack } from '../support/construct-kit/other-stack';
import { testRetention } from '../support/construct-kit/retention';
import { knownFunction } from '../support/known-function';
import { refusal } from '../support/refusal';
import { ETL, EtlProps, importedFunction, mongoSource, sourceEnvironment, synthEtl } from '../support/synth-etl';
import { only, roleStatements } from '../support/template';

describe('a secret', () => {
  const rights = (template: Template) => roleStatements(template, 'MetricsSourceRole').slice(1);

  test('of the same stack is used with its key', () => {
    const { template } = synthEtl((stack) => ({
      source: mongoSource(stack, { connectionSecret: new Secret(stack, 'Mine', { encryptionKey: new Key(stack, 'Key') }) }),
    }));
    const secret = only(template, 'AWS::SecretsManager::Secret').id;
    expect(rights(template)).toEqual([
      { Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: [`<${secret}>`] },
      { Effect: 'Allow', Action: ['kms:Decrypt'], Resource: [`<${only(template, 'AWS::KMS::Key').id}.Arn>`] },
    ]);
    expect(sourceEnvironment(template).CONNECTION_SECRET_ARN).toBe(`<${secret}>`);
  });

  test.each<[string, (stack: Stack) => IKey]>([
    ['made here', (stack) => new Alias(stack, 'Alias', { aliasName: 'alias/secrets', targetKey: new Key(stack, 'Key') })],
    ['imported', (stack) => Alias.fromAliasName(stack, 'Alias', 'alias/secrets')],
  ])('whose key is known by an alias that is %s is readable: rights are on keys, and an alias is none', (_name, encryptionKey) => {
    const { template } = synthEtl((stack) => ({
      source: mongoSource(stack, { connectionSecret: new Secret(stack, 'Mine', { encryptionKey: encryptionKey(stack) }) }),
    }));
    expect(rights(template)[1]).toEqual({
      Effect: 'Allow',
      Action: ['kms:Decrypt'],
      Resource: ['arn:<AWS::Partition>:kms:<AWS::Region>:<AWS::AccountId>:key/*'],
      Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/secrets' } },
    });
  });

  test('imported by its complete ARN is readable under exactly that', () => {
    const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:connection-AbCdEf';
    const { template } = synthEtl((stack) => ({ source: mongoSource(stack, { connectionSecret: Secret.fromSecretCompleteArn(stack, 'Theirs', arn) }) }));
    expect(rights(template)).toEqual([{ Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: [arn] }]);
  });

  test('with a certificate authority is used beside the one with the connection, and with its key', () => {
    const { template } = synthEtl((stack) => ({
      source: mongoSource(stack, { certificateAuthority: new Secret(stack, 'Authority', { encryptionKey: new Key(stack, 'Key') }) }),
    }));
    const secret = only(template, 'AWS::SecretsManager::Secret').id;
    const connection = sourceEnvironment(template).CONNECTION_SECRET_ARN;
    expect(connection).toMatch(/:secret:connection$/);
    expect(rights(template)).toEqual([
      { Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: [`${connection}-??????`] },
      { Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: [`<${secret}>`] },
      { Effect: 'Allow', Action: ['kms:Decrypt'], Resource: [`<${only(template, 'AWS::KMS::Key').id}.Arn>`] },
    ]);
    expect(sourceEnvironment(template).CERTIFICATE_AUTHORITY_SECRET_ARN).toBe(`<${secret}>`);
  });

  test('of another stack is used without a circle', () => {
    useOfOtherStack(ETL, (theirs, ours) => ({
      source: mongoSource(ours, { connectionSecret: new Secret(theirs, 'Connection', { encryptionKey: new Key(theirs, 'Key') }) }),
    }));
  });
});

describe('log groups', () => testLogGroups(ETL, {
  props: (bring) => ({ workflowLogGroup: bring('ForWorkflow'), sourceLogGroup: bring('ForSource') }),
  loggers: { MetricsWorkflow: 'ForWorkflow', MetricsSegment: 'ForWorkflow', MetricsSource: 'ForSource' },
  told: [
    [({ workflowLogGroup }) => workflowLogGroup, 'ForWorkflow'], [({ segmentLogGroup }) => segmentLogGroup, 'ForWorkflow'],
    [({ sourceLogGroup }) => sourceLogGroup, 'ForSource'],
  ],
  writer: { props: (sourceLogGroup) => ({ sourceLogGroup }), role: 'MetricsSourceRole' },
}));

test('the log group of the workflow is that of its items too', () => {
  const { etl } = synthEtl((stack) => ({
    processor: ItemProcessor.perItem({ handler: knownFunction(stack, importedFunction(stack, 'item').functionArn) }), workflowLogGroup: new LogGroup(stack, 'Mine'),
  }));
  expect([etl.workflowLogGroup, etl.segmentLogGroup, etl.itemWorkflowLogGroup].map((group) => group?.node.id)).toEqual(['Mine', 'Mine', 'Mine']);
});

test('functions and state machines of the same stack, with rights on what the construct makes, close no circle', () => {
  const own = (stack: Stack, id: string) => new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = () => ({})'),
  });
  const circles: EtlProps[] = [
    (stack) => ({ source: PageSource.custom({ handler: own(stack, 'Pages') }), processor: ItemProcessor.perItem({ handler: own(stack, 'Items') }) }),
    (stack) => ({ processor: ItemProcessor.perBatch({ handler: own(stack, 'Items') }), continuation: RunContinuation.selfRestart() }),
    (stack) => ({
      processor: ItemProcessor.stateMachine({
        stateMachine: new StateMachine(stack, 'Items', { definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Pass')) }),
      }),
    }),
  ];
  for (const props of circles) {
    // A template whose resources need each other is refused by the assertions library.
    const { template } = synthEtl(props, (etl, stack) => {
      const starter = own(stack, 'Starter');
      etl.grantStartExecution(starter);
      etl.grantRedrive(starter);
    });
    expect(roleStatements(template, 'StarterServiceRole').flatMap(({ Action }) => Action)).toEqual(['states:StartExecution', 'states:RedriveExecution']);
  }
});

describe('a state machine as processor', () => {
  const env = { account: '111122223333', region: 'eu-west-1' };
  const synth = (arn: string) => synthEtl((stack) => ({
    processor: ItemProcessor.stateMachine({ stateMachine: StateMachine.fromStateMachineArn(stack, 'Theirs', arn) }),
  }), undefined, { env });

  test.each([
    ['arn:aws:states:eu-central-1:111122223333:stateMachine:Process', 'eu-central-1 of 111122223333'],
    ['arn:aws:states:eu-west-1:444455556666:stateMachine:Process', 'eu-west-1 of 444455556666'],
  ])('of another Region or account is refused: %s', (arn, got) => {
    expect(() => synth(arn)).toThrow(refusal('the place of stateMachine of ItemProcessor.stateMachine must be eu-west-1 of 111122223333, '
        + `got "${got}"; Step Functions starts executions in its own account and Region only`));
  });

  test.each(['arn:aws:states:eu-west-1:111122223333:stateMachine:Process', Token.asString({ Ref: 'Arn' })])('of the same, or of nobody knows which, is not: %s', (arn) => {
    expect(() => synth(arn)).not.toThrow();
  });
});

describe('what is kept', () => {
  testRetention(FACTS, (stack) => ({ sourceLogGroup: new LogGroup(stack, 'Mine', { removalPolicy: RemovalPolicy.RETAIN }) }));
});
