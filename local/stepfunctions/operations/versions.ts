import { Operations, Workplace } from './operation';
import { MAX_VERSION_DESCRIPTION } from './publication';
import { StateMachines } from './state-machines';
import { CallContext, ServiceError } from '../../aws/service';
import { JsonObject } from '../../json';
import { pageOf } from '../api/page';
import { Request } from '../api/request';
import { MachineVersion, toSeconds } from '../api/state-machine';

/** What publishing calls the revision of a state machine that was never updated. */
const INITIAL = 'INITIAL';

/** Numbered revisions of state machines. */
export class Versions {
  readonly operations: Operations = {
    PublishStateMachineVersion: async (request, context) => this.publish(request, context),
    ListStateMachineVersions: async (request, context) => this.list(request, context),
    DeleteStateMachineVersion: async (request, context) => this.delete(request, context),
  };

  constructor(private readonly workplace: Workplace, private readonly machines: StateMachines) {}

  private async publish(request: Request, context: CallContext): Promise<JsonObject> {
    const { access, options: { clock } } = this.workplace;
    const arn = request.arn('stateMachineArn', 'stateMachine');
    const wanted = request.optionalString('revisionId');
    const description = request.optionalString('description', MAX_VERSION_DESCRIPTION);
    await access.allow('PublishStateMachineVersion', arn, context);
    const record = this.machines.record(arn);
    const { revisionId = INITIAL } = record.current;
    if (wanted !== undefined && wanted !== revisionId) {
      throw new ServiceError(
        'ConflictException', `Failed to publish the State Machine version for revision ${wanted}. The current State Machine revision is ${revisionId}.`,
      );
    }
    return toWire(record.publish(clock.now(), description));
  }

  private async list(request: Request, context: CallContext): Promise<JsonObject> {
    const arn = request.arn('stateMachineArn', 'stateMachine');
    await this.workplace.access.allow('ListStateMachineVersions', arn, context);
    // Neither that there is no such state machine nor that it is being deleted is among the errors of this operation.
    const versions = this.machines.find(arn)?.versions ?? [];
    const page = pageOf(request, versions.length, { growing: true });
    return { stateMachineVersions: versions.slice(page.start, page.end).map(toWire), ...page.nextToken };
  }

  /** There need not be one. */
  private async delete(request: Request, context: CallContext): Promise<JsonObject> {
    const arn = request.arn('stateMachineVersionArn', 'stateMachine');
    const [, machineArn, number] = /^(.*:stateMachine:[^:]+):(\d+)$/.exec(arn) ?? [];
    if (number === undefined) throw new ServiceError('InvalidArn', `Invalid Arn: 'Invalid state machine version ARN: ${arn}'`);
    await this.workplace.access.allow('DeleteStateMachineVersion', arn, context);
    this.machines.find(machineArn)?.unpublish(Number(number));
    return {};
  }
}

function toWire({ arn, creationTime }: MachineVersion): JsonObject {
  return { stateMachineVersionArn: arn, creationDate: toSeconds(creationTime) };
}
