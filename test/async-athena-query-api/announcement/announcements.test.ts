/** The states, rights and routes of a construct that announces queries. */
import { Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { EventBus, IEventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { AsyncAthenaQueryApiProps, QueryAnnouncement, QueryCompletion } from '../../../src';
import { announcementStates } from '../../../src/async-athena-query-api/announcement/announcement-states';
import { deliveryRetries } from '../../../src/async-athena-query-api/delivery/delivery-retry';
import { longestHistory, REDRIVES } from '../../../src/async-athena-query-api/workflow';
import { MAX_HISTORY_EVENTS } from '../../../src/private/synth/history';
import { longestTask } from '../../../src/private/synth/retry-time';
import { refusal } from '../../support/refusal';
import { synth } from '../../support/synth-queries';
import { definitionOf, only, plain, roleStatements } from '../../support/template';

const ENV = { account: '111122223333', region: 'eu-central-1' };

const queueOf = (region: string, account: string, name = 'queue') => (stack: Stack) => Queue.fromQueueArn(stack, 'Theirs', `arn:aws:sqs:${region}:${account}:${name}`);
const topicOf = (region: string, account: string, name = 'topic') => (stack: Stack) => Topic.fromTopicArn(stack, 'Theirs', `arn:aws:sns:${region}:${account}:${name}`);
const busOf = (region: string, account: string) => (stack: Stack) => EventBus.fromEventBusArn(stack, 'Theirs', `arn:aws:events:${region}:${account}:event-bus/bus`);
type Props = (stack: Stack) => AsyncAthenaQueryApiProps;

const to = (announcement: (stack: Stack) => QueryAnnouncement): Props => (stack) => ({ announcements: [announcement(stack)] });
const toQueue = (queue: (stack: Stack) => IQueue) => to((stack) => QueryAnnouncement.queue({ queue: queue(stack) }));
const toTopic = (topic: (stack: Stack) => ITopic) => to((stack) => QueryAnnouncement.topic({ topic: topic(stack) }));
const toBus = (bus: (stack: Stack) => IEventBus) => to((stack) => QueryAnnouncement.eventBus({ bus: bus(stack) }));

const parametersOf = (props: (stack: Stack) => AsyncAthenaQueryApiProps) => (
  Object.values(definitionOf(synth(props).template).States).flatMap((state) => (state.Type === 'Task' && /:(sqs|sns|events):/.test(state.Resource) ? state.Parameters : [])));

describe('a place that cannot be reached', () => {
  test.each([
    ['bus of QueryAnnouncement.eventBus', 'bus', toBus(busOf('us-east-1', ENV.account))],
    ['queue of QueryAnnouncement.queue', 'queue', toQueue(queueOf('us-east-1', ENV.account))],
    ['topic of QueryAnnouncement.topic', 'topic', toTopic(topicOf('us-east-1', ENV.account))],
  ])('in another Region is refused: %s', (what, option, props) => {
    expect(() => synth(props, undefined, { env: ENV })).toThrow(refusal(
      `the place of ${what} must be eu-central-1 of 111122223333, got "us-east-1 of 111122223333"; Step Functions sends within its own Region: `
        + `name a ${option} of that Region, from where you can forward`,
    ));
  });

  test.each([
    ['events:PutEvents', toBus(busOf(ENV.region, '444455556666'))],
    ['sqs:SendMessage', toQueue(queueOf(ENV.region, '444455556666'))],
    ['sns:Publish', toTopic(topicOf(ENV.region, '444455556666'))],
  ])('of another account is warned of: %s', (action, props) => {
    const warningsOf = (made: typeof props) => Annotations.fromStack(synth(made, undefined, { env: ENV }).stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data);
    expect(warningsOf(props)).toEqual([expect.stringContaining(`unless its policy lets the query role do ${action}`)]);
    expect(warningsOf(toQueue(queueOf(ENV.region, ENV.account)))).toEqual([]);
  });
});

test.each([
  ['queue', toQueue(queueOf(ENV.region, ENV.account, 'queue.fifo')), toQueue(queueOf(ENV.region, ENV.account))],
  ['topic', toTopic(topicOf(ENV.region, ENV.account, 'topic.fifo')), toTopic(topicOf(ENV.region, ENV.account))],
])('in a FIFO %s each query is a group of its own and is told once', (_what, fifo, standard) => {
  for (const parameters of parametersOf(fifo)) {
    expect(parameters).toMatchObject({ 'MessageGroupId.$': '$$.Execution.Name', 'MessageDeduplicationId.$': '$$.Execution.Name' });
  }
  expect(parametersOf(fifo)).toHaveLength(2);
  for (const parameters of parametersOf(standard)) expect(Object.keys(Object(parameters)).filter((name) => name.startsWith('Message') && name.includes('Id'))).toEqual([]);
});

test('the query role may do one action on each, use their keys through their services, and nothing of it through Athena', () => {
  const { template } = synth((stack) => ({
    announcements: [
      QueryAnnouncement.eventBus({ bus: new EventBus(stack, 'Bus', { kmsKey: new Key(stack, 'BusKey') }) }),
      QueryAnnouncement.queue({ queue: new Queue(stack, 'Queue', { encryptionMasterKey: new Key(stack, 'QueueKey') }) }),
      QueryAnnouncement.topic({ topic: new Topic(stack, 'Topic', { masterKey: new Key(stack, 'TopicKey') }) }),
    ],
  }));
  const rights = roleStatements(template, 'QueriesQueryRole').filter(({ Action }) => Action.some((action) => /^(events|sqs|sns|kms):/.test(action)))
    .map(({ Effect, Action, Resource, Condition }) => [Effect, Action.join(), Resource.join().replace(/[0-9A-F]{8}/g, ''), JSON.stringify(plain(Condition ?? {}))]);
  const athena = '{"ForAnyValue:StringEquals":{"aws:CalledVia":["athena.amazonaws.com"]}}';
  const via = (service: string) => `{"StringEquals":{"kms:ViaService":"${service}.<AWS::Region>.<AWS::URLSuffix>"}}`;
  const allowed = [['events:PutEvents', '<Bus.Arn>'], ['sqs:SendMessage', '<Queue.Arn>'], ['sns:Publish', '<Topic>']];
  expect(rights.sort()).toEqual([
    ...allowed.flatMap(([action, arn]) => [['Allow', action, arn, '{}'], ['Deny', action, arn, athena]]),
    ['Allow', 'kms:Decrypt,kms:GenerateDataKey', '<QueueKey.Arn>', via('sqs')],
    ['Allow', 'kms:Decrypt,kms:GenerateDataKey', '<TopicKey.Arn>', via('sns')],
  ].sort());
});

test('a request may leave the callback URL out where queries are announced, and only there', () => {
  const requiredOf = (props?: (stack: Stack) => AsyncAthenaQueryApiProps) => Object(only(synth(props).template, 'AWS::ApiGateway::Model').Properties.Schema).required;
  expect([requiredOf(), requiredOf(() => ({ announcements: [] })), requiredOf(toQueue(queueOf(ENV.region, ENV.account)))])
    .toEqual([['Query', 'CallbackUrl'], ['Query', 'CallbackUrl'], ['Query']]);
});

test('no announcement: the template is the same as without the prop', () => {
  expect(synth(() => ({ announcements: [] })).template.toJSON()).toEqual(synth().template.toJSON());
});

test('before the callback, an announcement is tried for half a minute at most', () => {
  const { States } = definitionOf(synth(toTopic(topicOf(ENV.region, ENV.account))).template);
  const state = States['Announce To Topic 1'];
  if (state.Type !== 'Task') throw new Error('An announcement is a Task');
  expect(longestTask(state).toSeconds()).toBeLessThanOrEqual(33);
  expect(state.Retry?.[0]).toMatchObject({ MaxAttempts: 0, ErrorEquals: expect.arrayContaining(['SNS.NotFound', 'SNS.NotFoundException']) });
  expect(state.Catch).toEqual([{ ErrorEquals: ['States.ALL'], ResultPath: null, Assign: { failed1: true }, Next: 'Deliver Result' }]);
  expect(States['Announce To Topic 1 Again']).not.toHaveProperty('Catch');
});

test('the history budget counts announcements: one state fewer or more decides', () => {
  const polls = { worstCaseEvents: 20_000 };
  const deliver = { Type: 'Task', Resource: '', Parameters: {}, TimeoutSeconds: 60 } as const;
  const without = longestHistory(polls, deliver);
  expect(longestHistory(polls, deliver, { worstCaseEvents: 100, worstCaseOfOne: 0 })).toBe(without + 100);
  // A redrive repeats one state: the delivery, of 5 events, or an announcement.
  expect(longestHistory(polls, deliver, { worstCaseEvents: 100, worstCaseOfOne: 23 })).toBe(without + 100 + REDRIVES * (23 - 5));
});

test('what does not fit into a history is refused', () => {
  const everySecond = QueryCompletion.polling({ interval: Duration.seconds(1) })._binding;
  const deliver = { Type: 'Task', Resource: '', Parameters: {}, TimeoutSeconds: 60, Retry: deliveryRetries(Duration.hours(4)) } as const;
  const fits = (seconds: number) => longestHistory(
    everySecond.render({ partition: 'aws', workGroupName: 'queries', queryTimeout: Duration.seconds(seconds), next: 'Deliver Result' }), deliver,
  ) < MAX_HISTORY_EVENTS;
  const longest = Array.from({ length: 2_000 }, (_, index) => 2_000 - index).find(fits) ?? 0;
  expect(longest).toBeGreaterThan(600);
  const props = (announcements: boolean) => (stack: Stack): AsyncAthenaQueryApiProps => ({
    ...(announcements && { announcements: Array.from({ length: 10 }, (_, index) => QueryAnnouncement.topic({ topic: new Topic(stack, `Topic${index}`) })) }),
    queryTimeout: Duration.seconds(longest),
    queryCompletion: QueryCompletion.polling({ interval: Duration.seconds(1) }),
  });
  expect(() => synth(props(false))).not.toThrow();
  expect(() => synth(props(true))).toThrow(/queryTimeout and deliveryWindow together must be short enough/);
});

test('every retry used, the states have as many events as are counted', () => {
  const { template } = synth((stack) => ({ announcements: [1, 2, 3].map((index) => QueryAnnouncement.topic({ topic: new Topic(stack, `Topic${index}`) })) }));
  const { States } = definitionOf(template);
  const binding = { name: 'Topic', integration: 'sns:publish', action: 'sns:Publish', arn: '', finalErrors: ['SNS.NotFound'], parameters: () => ({}), check: () => {}, keyRights: () => [] };
  const { worstCaseEvents, worstCaseOfOne } = announcementStates({ partition: 'aws', announcements: [binding, binding, binding], deliver: 'Deliver Result' });
  const events = (name: string) => {
    const state = States[name];
    const retries = state.Type === 'Task' ? (state.Retry ?? []).reduce((sum, { MaxAttempts }) => sum + MaxAttempts, 0) : 0;
    return state.Type === 'Task' ? 2 + 3 * (1 + retries) : 2;
  };
  const names = [1, 2, 3].map((index) => `Announce To Topic ${index}`);
  const checks = 4 * events('Is Everything Announced');
  const announcing = names.reduce((sum, name) => sum + events(name) + events(`${name} Again`), 0);
  expect(worstCaseEvents).toBe(events('Describe Query') + announcing + checks + events('Done'));
  expect(worstCaseOfOne).toBe(events('Announce To Topic 1 Again'));
});
