import { CallContext } from '../../../local/aws/service';
import { VirtualClock } from '../../../local/clock';
import { EventBuses } from '../../../local/events/event-buses';
import { eventsResources } from '../../../local/events/resources';
import { JsonObject } from '../../../local/json';
import { environment } from '../http/small-cloud';
import { createResource } from '../iam/create-resource';

const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:letters';

function createBus() {
  const delivered: { arn: string; input: unknown; context: CallContext }[] = [];
  const clock = new VirtualClock(0);
  const buses = new EventBuses({
    environment,
    accountId: '111122223333',
    clock,
    targets: {
      sqs: async (arn, input, context) => {
        if (arn.endsWith('closed')) throw new Error('closed');
        delivered.push({ arn, input: JSON.parse(input), context });
      },
    },
  });
  const bus = buses.default;
  const rule = (properties: JsonObject) => createResource(eventsResources(buses), 'AWS::Events::Rule', properties);
  return { bus, clock, delivered, rule };
}

const event: JsonObject = { source: 'aws.states', detail: { status: 'FAILED', name: 'x' } };

test('a rule sends what matches to its targets, as EventBridge and in the name of the rule', async () => {
  const { bus, delivered, rule } = createBus();
  const { attributes } = await rule({ EventPattern: { source: ['aws.states'] }, Targets: [{ Id: 'T', Arn: QUEUE }] });
  await bus.publish(event);
  await bus.publish({ ...event, source: 'aws.athena' });
  expect(delivered).toEqual([{
    arn: QUEUE,
    input: event,
    context: { caller: { service: 'events.amazonaws.com' }, sourceArn: attributes?.Arn, sourceAccount: '111122223333' },
  }]);
});

test('an input transformer decides what a target gets', async () => {
  const { bus, delivered, rule } = createBus();
  const InputTransformer = { InputPathsMap: { name: '$.detail.name' }, InputTemplate: '{"QueryId":<name>}' };
  await rule({ EventPattern: { source: ['aws.states'] }, Targets: [{ Id: 'T', Arn: QUEUE, InputTransformer }] });
  await bus.publish(event);
  expect(delivered.map(({ input }) => input)).toEqual([{ QueryId: 'x' }]);
});

test('a disabled rule sends nothing', async () => {
  const { bus, delivered, rule } = createBus();
  await rule({ EventPattern: { source: ['aws.states'] }, State: 'DISABLED', Targets: [{ Id: 'T', Arn: QUEUE }] });
  await bus.publish(event);
  expect(delivered).toEqual([]);
});

test('a target that refuses is on record and does not keep the others from getting theirs', async () => {
  const { bus, delivered, rule } = createBus();
  await rule({ EventPattern: { source: ['aws.states'] }, Targets: [{ Id: 'A', Arn: `${QUEUE}-closed` }, { Id: 'B', Arn: QUEUE }] });
  await bus.publish(event);
  expect(delivered.map(({ arn }) => arn)).toEqual([QUEUE]);
  expect(bus.undelivered.map(({ targetArn, error }) => [targetArn, error.message])).toEqual([[`${QUEUE}-closed`, 'closed']]);
});

test.each<[string, JsonObject]>([
  ['target', { EventPattern: { source: ['x'] }, Targets: [{ Id: 'T', Arn: 'arn:aws:sns:eu-west-1:111122223333:topic' }] }],
  ['RoleArn', { EventPattern: { source: ['x'] }, Targets: [{ Id: 'T', Arn: QUEUE, RoleArn: 'arn:aws:iam::111122223333:role/r' }] }],
  ['ScheduleExpression', { EventPattern: { source: ['x'] }, ScheduleExpression: 'rate(1 day)' }],
  ['cidr', { EventPattern: { source: [{ cidr: '10.0.0.0/8' }] } }],
  ['EventBusName', { EventBusName: 'mine', EventPattern: { source: ['x'] } }],
  ['Only one of Input', { EventPattern: { source: ['x'] }, Targets: [{ Id: 'T', Arn: QUEUE, Input: '1', InputPath: '$.detail' }] }],
  ['MaximumRetryAttempts', { EventPattern: { source: ['x'] }, Targets: [{ Id: 'T', Arn: QUEUE, RetryPolicy: { MaximumRetryAttempts: 186 } }] }],
  ['no name of a rule', { Name: 'a b', EventPattern: { source: ['x'] } }],
  ['the target id A', { EventPattern: { source: ['x'] }, Targets: [{ Id: 'A', Arn: QUEUE }, { Id: 'A', Arn: QUEUE }] }],
  ['the target id a b', { EventPattern: { source: ['x'] }, Targets: [{ Id: 'a b', Arn: QUEUE }] }],
  ['SqsParameters', { EventPattern: { source: ['x'] }, Targets: [{ Id: 'T', Arn: QUEUE, SqsParameters: { MessageGroupId: 'g' } }] }],
])('a rule with something not allowed or not implemented cannot be made: %s', async (name, properties) => {
  await expect(createBus().rule(properties)).rejects.toThrow(name);
});
