import { ScheduleSettings, ScheduleTarget } from './schedule';
import { Scheduler } from './scheduler';
import { readRetryPolicy } from '../events/delivery-attempts';
import { ResourceChanges, ResourceProviders, ResourceRequest } from '../template/resource';
import { StrictProperties } from '../template/strict-properties';

/** Longest flexible time window in minutes: a day. */
const LONGEST_WINDOW = 1_440;

/** Resource types of EventBridge Scheduler: schedules and their groups. */
export function schedulerResources(scheduler: Scheduler): ResourceProviders {
  return {
    'AWS::Scheduler::ScheduleGroup': ({ properties, physicalName }) => {
      // Nothing here reads tags.
      properties.notModelled('Tags');
      const { name, arn } = scheduler.createGroup(properties.optionalString('Name') ?? physicalName(64));
      return { ref: name, attributes: { Arn: arn, State: 'ACTIVE' } };
    },
    'AWS::Scheduler::Schedule': async (request) => {
      const settings = readSchedule(request);
      return { ref: settings.name, attributes: { Arn: await scheduler.createSchedule(settings) } };
    },
  };
}

/** What becomes of them in updates. */
export function schedulerChanges(scheduler: Scheduler): ResourceChanges {
  return {
    'AWS::Scheduler::ScheduleGroup': {
      update: ({ properties, current }) => {
        properties.notModelled('Name', 'Tags');
        return current;
      },
      remove: ({ current }) => scheduler.removeGroup(current.ref),
    },
    'AWS::Scheduler::Schedule': {
      update: async (request) => {
        await scheduler.changeSchedule(String(request.current.attributes?.Arn), readSchedule(request));
        return request.current;
      },
      remove: ({ current }) => scheduler.removeSchedule(String(current.attributes?.Arn)),
    },
  };
}

function readSchedule({ properties, physicalName }: ResourceRequest): ScheduleSettings {
  properties.notModelled('Description');
  return {
    name: properties.optionalString('Name') ?? physicalName(64),
    groupName: properties.optionalString('GroupName'),
    expression: properties.string('ScheduleExpression'),
    timeZone: properties.optionalString('ScheduleExpressionTimezone'),
    startDate: readDate(properties, 'StartDate'),
    endDate: readDate(properties, 'EndDate'),
    windowMinutes: readWindow(properties),
    enabled: properties.enabled('State'),
    target: properties.object('Target', readTarget) ?? properties.unsupported('Target', 'a schedule without a target'),
  };
}

function readDate(properties: StrictProperties, name: string): number | undefined {
  const text = properties.optionalString(name);
  if (text === undefined) return undefined;
  const date = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? properties.unsupported(name, 'a date that is not like 2030-01-31T12:00:00Z') : date;
}

/** Minutes; undefined for none. */
function readWindow(properties: StrictProperties): number | undefined {
  const window = properties.object('FlexibleTimeWindow', (flexible) => {
    const mode = flexible.string('Mode');
    const minutes = flexible.number('MaximumWindowInMinutes');
    if (mode === 'OFF' && minutes === undefined) return { minutes };
    const valid = mode === 'FLEXIBLE' && minutes !== undefined && Number.isInteger(minutes) && minutes >= 1 && minutes <= LONGEST_WINDOW;
    return valid ? { minutes } : flexible.unsupported('Mode', `anything but OFF, and FLEXIBLE with 1 to ${LONGEST_WINDOW} minutes`);
  });
  return (window ?? properties.unsupported('FlexibleTimeWindow', 'a schedule without one')).minutes;
}

function readTarget(target: StrictProperties): ScheduleTarget {
  // What a queue can be told beside the text is for FIFO queues only, so CDK leaves this empty.
  target.object('SqsParameters', () => undefined);
  return {
    arn: target.string('Arn'),
    roleArn: target.string('RoleArn'),
    input: target.optionalString('Input'),
    retryPolicy: target.object('RetryPolicy', readRetryPolicy),
    deadLetterArn: target.object('DeadLetterConfig', (config) => config.optionalString('Arn')),
  };
}
