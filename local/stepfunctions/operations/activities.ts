import { Operations, Workplace } from './operation';
import { CallContext, ServiceError } from '../../aws/service';
import { JsonObject } from '../../json';
import { NotImplemented } from '../../not-implemented';
import { pageOf } from '../api/page';
import { Request } from '../api/request';
import { toSeconds } from '../api/state-machine';

interface Activity {
  readonly arn: string;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly creationTime: number;
}

/** The names of activities. No state machine of the local cloud can use them, so nobody has to work on them. */
export class Activities {
  readonly operations: Operations = {
    CreateActivity: async (request, context) => this.create(request, context),
    DescribeActivity: async (request, context) => {
      const activity = await this.allowed('DescribeActivity', request, context);
      return { ...toWire(activity), encryptionConfiguration: { type: 'AWS_OWNED_KEY' } };
    },
    DeleteActivity: async (request, context) => this.delete(request, context),
    ListActivities: async (request, context) => this.list(request, context),
    GetActivityTask: async (request, context) => {
      await this.allowed('GetActivityTask', request, context);
      throw new NotImplemented('states', 'GetActivityTask: no state machine has Tasks for activities');
    },
  };

  private readonly activities = new Map<string, Activity>();

  constructor(private readonly workplace: Workplace) {}

  private async create(request: Request, context: CallContext): Promise<JsonObject> {
    const { access, options: { clock } } = this.workplace;
    const name = request.name('name') ?? request.string('name');
    // They do not change what an activity does.
    request.ignore('tags');
    const arn = access.arn('activity', name);
    await access.allow('CreateActivity', arn, context);
    const activity = this.activities.get(arn) ?? { arn, name, creationTime: clock.now() };
    this.activities.set(arn, activity);
    return { activityArn: arn, creationDate: toSeconds(activity.creationTime) };
  }

  private async delete(request: Request, context: CallContext): Promise<JsonObject> {
    const arn = request.arn('activityArn', 'activity');
    await this.workplace.access.allow('DeleteActivity', arn, context);
    this.activities.delete(arn);
    return {};
  }

  private async list(request: Request, context: CallContext): Promise<JsonObject> {
    await this.workplace.access.allow('ListActivities', '*', context);
    const activities = [...this.activities.values()].map(toWire);
    const page = pageOf(request, activities.length, { growing: true });
    return { activities: activities.slice(page.start, page.end), ...page.nextToken };
  }

  private async allowed(action: string, request: Request, context: CallContext): Promise<Activity> {
    const arn = request.arn('activityArn', 'activity');
    await this.workplace.access.allow(action, arn, context);
    const activity = this.activities.get(arn);
    if (activity === undefined) throw new ServiceError('ActivityDoesNotExist', `Activity Does Not Exist: '${arn}'`);
    return activity;
  }
}

function toWire({ arn, name, creationTime }: Activity): JsonObject {
  return { activityArn: arn, name, creationDate: toSeconds(creationTime) };
}
