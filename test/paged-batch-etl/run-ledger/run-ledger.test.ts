import { Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { AttributeType, ITable, Table, TablePropsV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { ItemProcessor, PagedBatchEtlProps, PageTransport, Partitions, RunContinuation, RunLedger, RunWindow, TableLedgerOptions, WhenLocked } from '../../../src';
import { mostWindowWaits, nextLockWait } from '../../../src/paged-batch-etl/contracts/run-ledger';
import { closeLedgers, EtlRig } from '../../support/etl-rig';
import { childOf, handlerOf, knownHandler } from '../../support/etl-stack';
import { refusal } from '../../support/refusal';
import { EtlProps, synthEtl } from '../../support/synth-etl';
import { definition, environmentOf, resourcesOfType } from '../../support/template';

afterAll(closeLedgers);

const templateOf = (props?: EtlProps) => synthEtl(props).template;

describe('without a ledger', () => {
  test.each<[string, Partial<PagedBatchEtlProps>]>([['one after another', {}], ['side by side', { partitions: Partitions.ofTime({ workers: 4 }) }]])('nothing changes, %s', (_name, props) => {
    const none = templateOf(() => ({ ...props, ledger: RunLedger.none() })).toJSON();
    expect(none).toEqual(templateOf(() => props).toJSON());
    expect(JSON.stringify(none)).not.toMatch(/ledger/i);
  });

  test('nor is there a table', () => {
    const { etl } = synthEtl();
    expect([etl.ledgerTable, etl.ledgerFunction, etl.ledgerLogGroup]).toEqual([undefined, undefined, undefined]);
  });
});

describe('the table', () => {
  test('is billed by request, can be restored, and lets items of runs expire', () => {
    templateOf(() => ({ ledger: RunLedger.table() })).hasResource('AWS::DynamoDB::Table', {
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      },
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('is encrypted with the key of the construct', () => {
    const template = templateOf((stack) => ({ ledger: RunLedger.table(), encryptionKey: new Key(stack, 'Key') }));
    template.hasResourceProperties('AWS::DynamoDB::Table', { SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: Match.anyValue() } });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'kms:Decrypt', Condition: { StringEquals: { 'kms:ViaService': Match.anyValue() } } })]) },
      Roles: [{ Ref: Match.stringLikeRegexp('LedgerKeeperRole') }],
    });
  });

  test('can be the user\'s, and only keys of the construct can be used', () => {
    const { template, etl } = synthEtl((stack) => ({ ledger: RunLedger.table({ table: Table.fromTableName(stack, 'Theirs', 'theirs') }) }));
    template.resourceCountIs('AWS::DynamoDB::Table', 0);
    expect(etl.ledgerTable?.tableName).toBe('theirs');
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({
          Action: ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:Query'], Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [Match.stringLikeRegexp('#\\*$')] } },
        })]),
      },
    });
  });
});

test.each<[TableLedgerOptions, string]>([
  [{ waitAtMost: Duration.hours(1) }, 'waitAtMost of RunLedger.table must be left out unless whenLocked is WhenLocked.WAIT'],
  [{ whenLocked: WhenLocked.WAIT, waitAtMost: Duration.days(2) }, 'waitAtMost of RunLedger.table must be whole seconds from 1 minute to 1 day'],
  [{ waitAtMost: Duration.minutes(90) }, 'got "1 hour 30 minutes"; no run waits otherwise'],
  [{ takeOverAfter: Duration.minutes(4) }, 'takeOverAfter of RunLedger.table must be whole seconds from 5 minutes to 1 day'],
  [{ retention: Duration.days(14) }, 'retention of RunLedger.table must be whole seconds from 15 days'],
])('%j is refused', (options, message) => {
  expect(() => RunLedger.table(options)).toThrow(message);
});

/** How long a run that ended keeps its window, as the function that keeps the ledger and the planner of a schedule are told it. */
function takeOverOf(props: EtlProps): string[] {
  const { template } = synthEtl(props, (etl) => {
    const window = RunWindow.sinceWatermark({ begin: 'date_begin', end: 'date_end', startAt: '2026-11-01' });
    etl.addSchedule('Often', { schedule: ScheduleExpression.rate(Duration.hours(1)), window });
  });
  const told = resourcesOfType(template, 'AWS::Lambda::Function').filter(({ id }) => /LedgerKeeper|Planner/.test(id));
  return told.map((each) => String(environmentOf(each).TAKE_OVER_SECONDS));
}

test.each<[string, TableLedgerOptions, (stack: Stack) => ItemProcessor, string]>([
  ['as long as it is told', { takeOverAfter: Duration.minutes(7) }, (stack) => ItemProcessor.perBatch({ handler: handlerOf(stack) }), '420'],
  ['as long as a call of an item may take', {}, (stack) => ItemProcessor.perItem({ handler: knownHandler(stack, Duration.minutes(12)) }), '730'],
  ['as long as a call of a batch may take', {}, (stack) => ItemProcessor.perBatch({ handler: knownHandler(stack, Duration.minutes(12)) }), '730'],
  ['at least five minutes', {}, (stack) => ItemProcessor.perBatch({ handler: knownHandler(stack, Duration.seconds(3)) }), '300'],
  ['as long as any call may take, if the processor is a state machine', {}, (stack) => ItemProcessor.stateMachine({ stateMachine: childOf(stack) }), '1810'],
])('a run that ended keeps its window %s', (_, options, processor, seconds) => {
  for (const transport of [PageTransport.inline(), PageTransport.s3()]) {
    expect(takeOverOf((stack) => ({ ledger: RunLedger.table(options), processor: processor(stack), transport }))).toEqual([seconds, seconds]);
  }
});

type MadeWith = Pick<TablePropsV2, 'partitionKey' | 'sortKey' | 'timeToLiveAttribute'>;

describe('a table that is made in the same app', () => {
  const STRINGS = { partitionKey: { name: 'pk', type: AttributeType.STRING }, sortKey: { name: 'sk', type: AttributeType.STRING } };
  const kinds: [string, (stack: Stack, props: MadeWith) => ITable][] = [
    ['Table', (stack, props) => new Table(stack, 'Mine', props)], ['TableV2', (stack, props) => new TableV2(stack, 'Mine', props)],
  ];
  const withTable = (table: (stack: Stack) => ITable) => () => synthEtl((stack) => ({ ledger: RunLedger.table({ table: table(stack) }) }));
  const warningsOf = (table: (stack: Stack) => ITable) => (
    Annotations.fromStack(withTable(table)().stack).findWarning('*', Match.stringLikeRegexp('ledgerExpiry')).map(({ entry }) => String(entry.data)));

  describe.each(kinds)('%s', (_kind, make) => {
    const { STRING, NUMBER } = AttributeType;
    test.each<[string, MadeWith]>([
      ['id (HASH, S)', { partitionKey: { name: 'id', type: STRING } }],
      ['pk (HASH, S)', { partitionKey: STRINGS.partitionKey }],
      ['pk (HASH, S), sk (RANGE, N)', { ...STRINGS, sortKey: { name: 'sk', type: NUMBER } }],
      ['sk (HASH, S), pk (RANGE, S)', { partitionKey: STRINGS.sortKey, sortKey: STRINGS.partitionKey }],
    ])('with the key %s is refused', (key, props) => {
      expect(withTable((stack) => make(stack, props))).toThrow(refusal(
        `the key of table of RunLedger.table must be pk (HASH, S), sk (RANGE, S), got "${key}"; make the table with partitionKey: { name: 'pk', type: AttributeType.STRING } `
          + "and sortKey: { name: 'sk', type: AttributeType.STRING }, or leave it out for a new one",
      ));
    });

    test.each([undefined, 'expires'])('whose items expire by %s is warned of', (timeToLiveAttribute) => {
      expect(warningsOf((stack) => make(stack, { ...STRINGS, timeToLiveAttribute }))).toEqual([expect.stringContaining(
        'table of RunLedger.table does not let items expire by expiresAt, so items of runs stay in it for ever',
      )]);
    });

    test('is taken if it is like ours', () => {
      expect(warningsOf((stack) => make(stack, { ...STRINGS, timeToLiveAttribute: 'expiresAt' }))).toEqual([]);
    });
  });

  test('is not warned of if it was looked up', () => {
    expect(warningsOf((stack) => Table.fromTableName(stack, 'Theirs', 'theirs'))).toEqual([]);
  });
});

test('a table of another Region is refused', () => {
  const elsewhere = (stack: Stack) => Table.fromTableArn(stack, 'Theirs', 'arn:aws:dynamodb:eu-north-1:111122223333:table/theirs');
  expect(() => synthEtl((stack) => ({ ledger: RunLedger.table({ table: elsewhere(stack) }) }), undefined, { env: { account: '111122223333', region: 'us-east-1' } })).toThrow('table of RunLedger.table');
});

test('a run that restarts itself cannot keep a ledger', () => {
  expect(() => synthEtl(() => ({ ledger: RunLedger.table(), continuation: RunContinuation.selfRestart() })))
    .toThrow('continuation must be RunContinuation.supervised where ledger is not RunLedger.none, got "RunContinuation.selfRestart"');
});

test('a run has room for somewhat fewer segments', () => {
  const items = (ledger: RunLedger) => synthEtl(() => ({ ledger })).etl.maxItemsPerRun ?? 0;
  const longest = RunLedger.table({ whenLocked: WhenLocked.WAIT, waitAtMost: Duration.hours(24) });
  const [without, failing, waiting] = [RunLedger.none(), RunLedger.table(), longest].map(items);
  expect(failing).toBeLessThan(without);
  expect(failing).toBeGreaterThan(without * 0.9);
  expect(waiting).toBeLessThan(failing);
  expect(waiting).toBeGreaterThan(without * 0.8);
});

test('waits grow up to a quarter of an hour, and end with what is allowed', () => {
  const waits: number[] = [];
  for (let waited = 0; nextLockWait(waited, 5_000) > 0; waited += waits[waits.length - 1]) waits.push(nextLockWait(waited, 5_000));
  expect(waits).toEqual([60, 60, 120, 240, 480, 900, 900, 900, 900, 440]);
  expect(mostWindowWaits(5_000)).toBe(waits.length + 3);
});

test('a segment of a run that began without a ledger touches none', async () => {
  const stack = { items: 4, batchSize: 2, ledger: RunLedger.table() };
  const rig = await EtlRig.deploy(stack);
  const run = 'arn:aws:states:us-east-1:111122223333:execution:Workflow:old';
  const progress = { root: run, cursor: null, pages: 0, items: 0, segments: 0 };
  const outage = { page: -1, waits: 0, total: 0, seconds: 0 };
  const before = { parameters: { batch_size: 2 }, progress, failure: null, attempt: 0, outage, AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: run };
  expect(await rig.ended(await rig.start(before, 'Segment'))).toMatchObject({ status: 'SUCCEEDED', output: { done: true, progress: { items: 4 } } });
  expect(await rig.ledgerItems()).toEqual([]);
});

test('no schedule can start a run before the function may look at executions', () => {
  const { template } = synthEtl(() => ({ ledger: RunLedger.table() }), (etl) => {
    etl.addSchedule('Nightly', {
      schedule: ScheduleExpression.rate(Duration.days(1)), window: RunWindow.previousDay({ begin: 'date_begin', end: 'date_end' }),
    });
  });
  const [policy] = resourcesOfType(template, 'AWS::IAM::Policy').filter(({ id }) => id.includes('LedgerExecutions'));
  expect(JSON.stringify(policy)).toContain('states:DescribeExecution');
  template.hasResource('AWS::Scheduler::Schedule', { DependsOn: Match.arrayWith([policy.id]) });
});

test('both machines keep the ledger', () => {
  const machines = resourcesOfType(synthEtl(() => ({ ledger: RunLedger.table() })).template, 'AWS::StepFunctions::StateMachine');
  expect(machines).toHaveLength(2);
  for (const machine of machines) expect(JSON.stringify(definition(machine))).toContain('LedgerKeeper');
});
