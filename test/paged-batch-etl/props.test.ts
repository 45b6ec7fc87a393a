import { Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Peer, Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { FailurePolicy, RunContinuation, ItemProcessor, PagedBatchEtl, PagedBatchEtlProps, PageTransport, RunParameter, RunWindow } from '../../src';
import { testGrants } from '../support/construct-kit/grants';
import { testMetrics } from '../support/construct-kit/metrics';
import { knownFunction } from '../support/known-function';
import { NETWORK_RIGHTS } from '../support/network-rights';
import { refusal } from '../support/refusal';
import { ETL, importedFunction, mongoSource, sourceEnvironment, sourceOf, synthEtl, SynthesisedEtl } from '../support/synth-etl';
import { definition, plain, Resource, resources, resourcesOfType, roleStatements } from '../support/template';

function machine({ template }: SynthesisedEtl, prefix: string): Resource {
  const found = resourcesOfType(template, 'AWS::StepFunctions::StateMachine').filter(({ id }) => id.startsWith(prefix));
  if (found.length !== 1) throw new Error(`${found.length} state machines ${prefix}`);
  return found[0];
}

describe('parameters', () => {
  test('are known to the source function in the order of their names, whatever the order in the map', () => {
    const { template } = synthEtl(() => ({
      parameters: {
        to: RunParameter.date({ timeZone: 'America/New_York' }), date_end: RunParameter.date(), date_begin: RunParameter.date(), team: RunParameter.objectId(),
      },
    }));
    expect(sourceEnvironment(template).PARAMETERS).toBe(
      '{"date_begin":{"type":"date"},"date_end":{"type":"date"},"team":{"type":"objectId"},"to":{"type":"date","timeZone":"America/New_York"}}',
    );
  });

  test('with a default need not be given', () => {
    const workflow = (parameters: Record<string, RunParameter>) => JSON.stringify(definition(machine(synthEtl((stack) => ({
      source: mongoSource(stack, { filter: undefined }), parameters,
    })), 'MetricsWorkflow')));
    const absent = '"$.label","IsPresent":false';
    expect(workflow({ label: RunParameter.text() })).toContain(absent);
    expect(workflow({ label: RunParameter.text({ defaultValue: 'none' }) })).not.toContain(absent);
    expect(workflow({ label: RunParameter.text({ defaultValue: 'none' }) })).toContain('"label":"none"');
  });

  test('need not exist', () => {
    const { template } = synthEtl((stack) => ({ source: mongoSource(stack, { filter: undefined }), parameters: undefined }));
    expect(sourceEnvironment(template).PARAMETERS).toBe('{}');
  });
});

describe('a batch', () => {
  test('is as large as the processor says unless the construct says otherwise', () => {
    const perItem = (batchSize?: number) => synthEtl((stack) => ({ processor: ItemProcessor.perItem({ handler: importedFunction(stack, 'item') }), batchSize })).etl;
    expect([perItem().batchSize, perItem(20).batchSize]).toEqual([100, 20]);
    expect(perItem(20).pagesPerSegment).toBeGreaterThan(perItem().pagesPerSegment);
  });

  test('that does not fit into the history is refused with the largest that does, which is what the construct tells', () => {
    const perItem = (batchSize: number) => synthEtl((stack) => ({ processor: ItemProcessor.perItem({ handler: importedFunction(stack, 'item') }), batchSize })).etl;
    const { largestSafeBatchSize } = perItem(1);
    expect(perItem(largestSafeBatchSize).pagesPerSegment).toBe(1);
    expect(() => perItem(largestSafeBatchSize + 1)).toThrow(`batchSize must be at most ${largestSafeBatchSize}, so that a page fits`);
  });
});

describe('items one by one', () => {
  const perItem = (seconds?: number, props: Partial<PagedBatchEtlProps> = {}) => synthEtl((stack) => ({
    ...props,
    processor: ItemProcessor.perItem({
      handler: seconds === undefined ? importedFunction(stack, 'item') : knownFunction(stack, importedFunction(stack, 'item').functionArn, Duration.seconds(seconds)),
    }),
  }));
  const said = ({ stack }: { readonly stack: Stack }) => Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('perItem')).map(({ entry }) => entry.data);

  test('are processed in an Express execution of their own, with its log', () => {
    const synthesised = perItem(3);
    const { etl } = synthesised;
    expect(machine(synthesised, 'MetricsItems').Properties).toMatchObject({
      StateMachineType: 'EXPRESS', LoggingConfiguration: { Level: 'ERROR', IncludeExecutionData: false },
    });
    expect([etl.itemWorkflow?.node.id, etl.itemWorkflowLogGroup?.node.id]).toEqual(['Items', 'ItemsLogs']);
    expect([etl.batchSize, etl.pagesPerSegment, etl.largestSafeBatchSize]).toEqual([100, 595, 120]);
    expect(sourceEnvironment(synthesised.template)).toMatchObject({ PAGE_BYTES: `${110 * 1024}`, MAX_BATCH_SIZE: '100' });
    expect(said(synthesised)).toEqual([]);
  });

  test('are fewer in a page if they need more time, and an annotation says so', () => {
    const synthesised = perItem(10);
    expect(synthesised.etl.batchSize).toBe(80);
    expect(sourceEnvironment(synthesised.template)).toMatchObject({ MAX_BATCH_SIZE: '80' });
    expect(said(synthesised)).toEqual([expect.stringMatching(/^ItemProcessor\.perItem: a page has at most 80 items, not 100, /)]);
  });

  test.each<[string, () => ReturnType<typeof synthEtl>, RegExp | undefined]>([
    ['the size that was asked for needs more time', () => perItem(10, { batchSize: 100 }), /batchSize is 100; with at most 80, /],
    ['no item is sure to end in time', () => perItem(60), /with a timeout of the handler of at most 36 seconds/],
    ['nobody knows how long an item takes', () => perItem(), /the timeout of the handler is not known/],
    ['a redrive goes on among them', () => perItem(3, { continuation: RunContinuation.selfRestart() }), undefined],
  ])('are processed in the segment if %s', (_why, synth, note) => {
    const synthesised = synth();
    const { etl, template } = synthesised;
    expect([etl.itemWorkflow, etl.itemWorkflowLogGroup]).toEqual([undefined, undefined]);
    expect(etl.batchSize).toBe(100);
    expect(sourceEnvironment(template)).toMatchObject({ PAGE_BYTES: `${180 * 1024}` });
    expect(said(synthesised)).toEqual(note === undefined ? [] : [expect.stringMatching(note)]);
  });
});

describe('continuation', () => {
  test('supervised has another machine that walks pages, with as many as are asked for', () => {
    const synthesised = synthEtl(() => ({ continuation: RunContinuation.supervised({ pagesPerSegment: 7 }) }));
    expect(synthesised.etl.pagesPerSegment).toBe(7);
    expect(synthesised.etl.segment?.node.id).toBe('Segment');
    expect(synthesised.etl.segmentLogGroup?.node.id).toBe('SegmentLogs');
    expect(definition(machine(synthesised, 'MetricsSegment')).States).toHaveProperty('Read Page');
  });

  test('selfRestart has one machine only', () => {
    const synthesised = synthEtl(() => ({ continuation: RunContinuation.selfRestart() }));
    expect(synthesised.etl.segment).toBeUndefined();
    expect(synthesised.etl.segmentLogGroup).toBeUndefined();
    expect(definition(machine(synthesised, 'MetricsWorkflow')).States).toHaveProperty('Read Page');
  });
});

describe('the source function', () => {
  test('is the one that ends an attempt: the workflow waits a little longer', () => {
    const synthesised = synthEtl((stack) => ({ source: mongoSource(stack, { timeout: Duration.minutes(2) }) }));
    const { States } = definition(machine(synthesised, 'MetricsSegment'));
    expect(States['Read Page']).toMatchObject({ TimeoutSeconds: 130 });
  });
});

describe('in a VPC', () => {
  test('the function gets an address there, and the right to, by what Lambda documents', () => {
    const { template } = synthEtl((stack) => ({ source: mongoSource(stack, { vpc: new Vpc(stack, 'Vpc') }) }));
    expect(roleStatements(template, 'MetricsSourceRole').slice(2)).toEqual(NETWORK_RIGHTS);
    expect(resources(template).flatMap(({ Properties }) => Properties.ManagedPolicyArns ?? [])).toEqual([]);
  });

  test('subnets and groups are those that are given', () => {
    const { template } = synthEtl((stack) => {
      const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
        vpcId: 'vpc-1', availabilityZones: ['a'], privateSubnetIds: ['subnet-private'], isolatedSubnetIds: ['subnet-isolated'],
      });
      const securityGroups = [new SecurityGroup(stack, 'Mine', { vpc })];
      return { source: mongoSource(stack, { vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED }, securityGroups }) };
    });
    expect(plain(sourceOf(template).Properties.VpcConfig)).toEqual({
      SecurityGroupIds: [expect.stringMatching(/^<Mine\w+\.GroupId>$/)], SubnetIds: ['subnet-isolated'],
    });
  });

  test('the construct is connectable: a server lets it in', () => {
    const { template } = synthEtl((stack) => ({ source: mongoSource(stack, { vpc: new Vpc(stack, 'Vpc') }) }), (etl, stack) => {
      const server = new SecurityGroup(stack, 'Server', { vpc: new Vpc(stack, 'Other') });
      server.connections.allowFrom(etl, Port.tcp(27017));
      etl.connections.allowTo(Peer.ipv4('10.0.0.0/8'), Port.tcp(27018));
    });
    const [ingress] = resourcesOfType(template, 'AWS::EC2::SecurityGroupIngress');
    expect(plain(ingress.Properties)).toMatchObject({ FromPort: 27017, SourceSecurityGroupId: expect.stringMatching(/^<MetricsSourceSecurityGroup\w+\.GroupId>$/) });
  });

  test('outside of one, its connections say what is missing', () => {
    const { etl } = synthEtl();
    expect(() => etl.connections).toThrow(refusal('vpc of the source must be given before its connections are used, got "nothing"; name the VPC that the server is reached from'));
  });
});

describe('grants', () => testGrants(ETL, [
  { method: 'grantStartExecution', action: 'states:StartExecution', resources: ['<MetricsWorkflowEA9CF7AB>'] },
  {
    method: 'grantRedrive',
    action: 'states:RedriveExecution',
    resources: ['arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<MetricsWorkflowEA9CF7AB>[6]:*'],
  },
  { method: 'grantReadPages', action: 's3:GetObject', resources: ['<MetricsPagesDF689368.Arn>/pages/*'], props: () => ({ transport: PageTransport.s3() }) },
  {
    method: 'grantReadDeadLetters',
    action: 's3:GetObject',
    resources: ['<MetricsDeadLettersE307B8A0.Arn>/dead-letters/*'],
    and: { Action: ['s3:ListBucket'], Resource: ['<MetricsDeadLettersE307B8A0.Arn>'], Condition: { StringLike: { 's3:prefix': 'dead-letters/*' } } },
    props: () => ({ failurePolicy: FailurePolicy.tolerate() }),
  },
]));

describe('metrics', () => {
  const workflow = (etl: PagedBatchEtl) => ({ Name: 'StateMachineArn', Value: etl.workflow.stateMachineArn });
  const source = (etl: PagedBatchEtl) => ({ Name: 'FunctionName', Value: etl.sourceFunction.functionName });

  const collector = (etl: PagedBatchEtl) => ({ Name: 'FunctionName', Value: etl.collectorFunction?.functionName ?? '' });
  const tolerant: typeof ETL = { ...ETL, props: (stack, changes) => ETL.props(stack, { failurePolicy: FailurePolicy.tolerate(), ...changes }) };

  testMetrics(tolerant, [
    ['metricStarted', 'AWS/States', 'ExecutionsStarted', 'Sum', workflow],
    ['metricSucceeded', 'AWS/States', 'ExecutionsSucceeded', 'Sum', workflow],
    ['metricFailed', 'AWS/States', 'ExecutionsFailed', 'Sum', workflow],
    ['metricTimedOut', 'AWS/States', 'ExecutionsTimedOut', 'Sum', workflow],
    ['metricAborted', 'AWS/States', 'ExecutionsAborted', 'Sum', workflow],
    ['metricTime', 'AWS/States', 'ExecutionTime', 'Average', workflow],
    ['metricPagesRead', 'PagedBatchEtl', 'PagesRead', 'Sum', source],
    ['metricItemsRead', 'PagedBatchEtl', 'ItemsRead', 'Sum', source],
    ['metricEmptyRuns', 'PagedBatchEtl', 'EmptyRuns', 'Sum', source],
    ['metricFailedItems', 'PagedBatchEtl', 'FailedItems', 'Sum', collector],
    ['metricLag', 'PagedBatchEtl', 'Lag', 'Minimum', source],
    ['metricSourceErrors', 'AWS/Lambda', 'Errors', 'Sum', source],
  ]);
});

describe('a schedule', () => {
  const nightly = (restart: RunContinuation) => synthEtl(() => ({ continuation: restart }), (etl) => {
    const { schedule, plannerFunction, failureAlarm } = etl.addSchedule('Nightly', {
      schedule: ScheduleExpression.cron({ hour: '1', minute: '0' }), window: RunWindow.previousDay({ begin: 'date_begin', end: 'date_end' }), enabled: false,
    });
    expect([schedule, plannerFunction, failureAlarm].map(({ node }) => node.path))
      .toEqual(['Schedule', 'Planner', 'FailureAlarm'].map((id) => `Stack/Metrics/ScheduleNightly/${id}`));
  });

  test('starts the workflow with the parameters that it fills', () => {
    const synthesised = nightly(RunContinuation.supervised());
    synthesised.template.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'cron(0 1 * * ? *)', State: 'DISABLED' });
    expect(roleStatements(synthesised.template, 'MetricsScheduleNightlyPlannerRole'))
      .toContainEqual({ Effect: 'Allow', Action: ['states:StartExecution'], Resource: [`<${machine(synthesised, 'MetricsWorkflow').id}>`] });
  });

  test('waits for the right of the workflow to start itself again, where it does', () => {
    const { template } = nightly(RunContinuation.selfRestart());
    const [schedule] = Object.values(template.findResources('AWS::Scheduler::Schedule'));
    expect(schedule.DependsOn).toContainEqual(expect.stringMatching(/^MetricsContinuation[0-9A-F]{8}$/));
  });

  test('that would leave a parameter without a value is refused', () => {
    expect(() => synthEtl(() => ({ parameters: { date_begin: RunParameter.date(), date_end: RunParameter.date(), team: RunParameter.text() } }), (etl) => etl.addSchedule('Nightly', {
      schedule: ScheduleExpression.rate(Duration.days(1)), window: RunWindow.previousDay({ begin: 'date_begin', end: 'date_end' }),
    }))).toThrow('every parameter but those of the window of schedule Nightly must be one with a value, got "team"');
  });
});
