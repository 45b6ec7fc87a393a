import { Duration } from 'aws-cdk-lib';
import { Alarm, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Peer, Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { User } from 'aws-cdk-lib/aws-iam';
import { Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { RunContinuation, ItemProcessor, PagedBatchEtl, RunParameter, RunWindow } from '../../src';
import { definition, plain, Resource, resources, resourcesOfType, roleStatements } from '../support/synth';
import { importedFunction, mongoSource, sourceEnvironment, sourceOf, synthEtl, SynthesisedEtl } from '../support/synth-etl';

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

  test('sourceRuntime is the way out of a retired runtime, of schedules too', () => {
    const sourceRuntime = new Runtime('nodejs24.x', RuntimeFamily.NODEJS);
    const { template } = synthEtl(() => ({ sourceRuntime }), (etl) => etl.addSchedule('Hourly', {
      schedule: ScheduleExpression.rate(Duration.hours(1)), window: RunWindow.lastHours({ hours: 1, begin: 'date_begin', end: 'date_end' }),
    }));
    template.resourceCountIs('AWS::Lambda::Function', 2);
    template.allResourcesProperties('AWS::Lambda::Function', { Runtime: 'nodejs24.x' });
  });

  test('logRetention is that of all logs', () => {
    const { template } = synthEtl(() => ({ logRetention: RetentionDays.THREE_DAYS }));
    template.resourceCountIs('AWS::Logs::LogGroup', 3);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 3 });
  });
});

describe('in a VPC', () => {
  test('the function gets an address there, and the right to, by what Lambda documents', () => {
    const { template } = synthEtl((stack) => ({ source: mongoSource(stack, { vpc: new Vpc(stack, 'Vpc') }) }));
    expect(roleStatements(template, 'MetricsSourceRole').slice(2)).toEqual([
      {
        Effect: 'Allow',
        Action: ['ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:UnassignPrivateIpAddresses'],
        Resource: ['arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:*'],
      },
      // EC2 knows no resources for these.
      { Effect: 'Allow', Action: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'], Resource: ['*'] },
    ]);
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
    expect(() => etl.connections).toThrow(expect.objectContaining({
      name: 'InvalidPropError',
      message: 'vpc of the source must be given before its connections are used, got "nothing"; name the VPC that the server is reached from',
    }));
  });
});

describe('grants', () => {
  const granted = (grant: (etl: PagedBatchEtl, user: User) => boolean) => {
    const { template } = synthEtl(undefined, (etl, stack) => expect(grant(etl, new User(stack, 'Operator'))).toBe(true));
    const policy = resourcesOfType(template, 'AWS::IAM::Policy').find(({ id }) => id.startsWith('Operator'));
    return plain(policy?.Properties.PolicyDocument);
  };
  const workflow = machine(synthEtl(), 'MetricsWorkflow').id;

  test('grantStartExecution gives exactly the right to start runs', () => {
    expect(granted((etl, user) => etl.grantStartExecution(user).success))
      .toMatchObject({ Statement: [{ Action: 'states:StartExecution', Effect: 'Allow', Resource: `<${workflow}>` }] });
  });

  test('grantRedrive gives exactly the right to redrive runs', () => {
    const executions = `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<${workflow}>[6]:*`;
    expect(granted((etl, user) => etl.grantRedrive(user).success))
      .toMatchObject({ Statement: [{ Action: 'states:RedriveExecution', Effect: 'Allow', Resource: executions }] });
  });
});

describe('metrics', () => {
  type Metrics = Record<string, (etl: PagedBatchEtl, options?: MetricOptions) => Metric>;
  const metrics: Metrics = {
    metricStarted: (etl, options) => etl.metricStarted(options),
    metricSucceeded: (etl, options) => etl.metricSucceeded(options),
    metricFailed: (etl, options) => etl.metricFailed(options),
    metricTimedOut: (etl, options) => etl.metricTimedOut(options),
    metricAborted: (etl, options) => etl.metricAborted(options),
    metricTime: (etl, options) => etl.metricTime(options),
    metricPagesRead: (etl, options) => etl.metricPagesRead(options),
    metricItemsRead: (etl, options) => etl.metricItemsRead(options),
    metricLag: (etl, options) => etl.metricLag(options),
    metricSourceErrors: (etl, options) => etl.metricSourceErrors(options),
  };
  const { etl, template } = synthEtl(undefined, (construct, stack) => {
    for (const [name, metric] of Object.entries(metrics)) new Alarm(stack, name, { metric: metric(construct), threshold: 1, evaluationPeriods: 1 });
  });
  const workflow = { Name: 'StateMachineArn', Value: { Ref: machine(synthEtl(), 'MetricsWorkflow').id } };
  const source = { Name: 'FunctionName', Value: { Ref: sourceOf(template).id } };

  test.each([
    ['metricStarted', 'AWS/States', 'ExecutionsStarted', 'Sum', workflow],
    ['metricSucceeded', 'AWS/States', 'ExecutionsSucceeded', 'Sum', workflow],
    ['metricFailed', 'AWS/States', 'ExecutionsFailed', 'Sum', workflow],
    ['metricTimedOut', 'AWS/States', 'ExecutionsTimedOut', 'Sum', workflow],
    ['metricAborted', 'AWS/States', 'ExecutionsAborted', 'Sum', workflow],
    ['metricTime', 'AWS/States', 'ExecutionTime', 'Average', workflow],
    ['metricPagesRead', 'PagedBatchEtl', 'PagesRead', 'Sum', source],
    ['metricItemsRead', 'PagedBatchEtl', 'ItemsRead', 'Sum', source],
    ['metricLag', 'PagedBatchEtl', 'Lag', 'Minimum', source],
    ['metricSourceErrors', 'AWS/Lambda', 'Errors', 'Sum', source],
  ])('%s is %s %s', (name, Namespace, MetricName, Statistic, dimension) => {
    const alarm = resourcesOfType(template, 'AWS::CloudWatch::Alarm').find(({ id }) => id.replace(/[0-9A-F]{8}$/, '') === name);
    expect(alarm?.Properties).toMatchObject({ Namespace, MetricName, Statistic, Period: 300, Dimensions: [dimension] });
    const changed = metrics[name](etl, { statistic: 'p90', period: Duration.minutes(1) });
    expect([changed.statistic, changed.period.toSeconds()]).toEqual(['p90', 60]);
  });
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

  test('waits for the right of the workflow to start itself anew, where it does', () => {
    const { template } = nightly(RunContinuation.selfRestart());
    const [schedule] = Object.values(template.findResources('AWS::Scheduler::Schedule'));
    expect(schedule.DependsOn).toContainEqual(expect.stringMatching(/^MetricsContinuation[0-9A-F]{8}$/));
  });

  test('that would leave a parameter without a value is refused', () => {
    expect(() => synthEtl(() => ({ parameters: { date_begin: RunParameter.date(), date_end: RunParameter.date(), team: RunParameter.text() } }), (etl) => etl.addSchedule('Nightly', {
      schedule: ScheduleExpression.rate(Duration.days(1)), window: RunWindow.previousDay({ begin: 'date_begin', end: 'date_end' }),
    }))).toThrow('every parameter but those of the window of schedule Nightly must be one with a default value, got "team"');
  });
});
