import { capitalizeMembers, lowerMembers, mapMembers, toIsoDate } from './answers';
import { assertUsable, sdkFailure } from './error-names';
import { Integration, membersNotTaken, ServiceResource } from './integration';
import { SDK_MODELS } from './sdk-models.generated';
import { AwsService, CallContext, ServiceError } from '../../aws/service';
import { isObject, JsonValue } from '../../json';
import { TaskResource } from '../interpreter/resource-arn';
import { TaskCall } from '../interpreter/task';

/** A service as `aws-sdk` Resources name it. */
interface SdkService {
  /** Name of the `AwsService`. */
  readonly target: string;
  /** Name in errors. */
  readonly label: string;
  /** Whether members begin with a small letter on the wire; Step Functions shows them with capitals. */
  readonly smallMembers?: boolean;
}

const services: Readonly<Record<string, SdkService>> = {
  athena: { target: 'athena', label: 'Athena' },
  sqs: { target: 'sqs', label: 'Sqs' },
  sns: { target: 'sns', label: 'Sns' },
  secretsmanager: { target: 'secretsmanager', label: 'SecretsManager' },
  eventbridge: { target: 'events', label: 'EventBridge' },
  dynamodb: { target: 'dynamodb', label: 'DynamoDb' },
  s3: { target: 's3', label: 'S3' },
  sfn: { target: 'states', label: 'Sfn', smallMembers: true },
};

/** `aws-sdk:<service>:<action>`: any operation of a service of the local cloud, without or with a task token. */
export class AwsSdkIntegration implements Integration {
  private readonly targets: ReadonlyMap<string, AwsService>;

  constructor(targets: readonly AwsService[]) {
    this.targets = new Map(targets.map((service) => [service.name, service]));
  }

  supports(resource: TaskResource): boolean {
    if (resource.kind !== 'service' || !resource.service.startsWith('aws-sdk:')) return false;
    const target = this.targets.get(services[resource.service.slice('aws-sdk:'.length)]?.target ?? '');
    if (target === undefined || (resource.pattern ?? 'waitForTaskToken') !== 'waitForTaskToken') return false;
    return target.performs?.(operationOf(resource.action)) ?? true;
  }

  missingParameters(parameters: JsonValue, resource: ServiceResource): readonly string[] {
    const service = services[resource.service.slice('aws-sdk:'.length)];
    return membersNotTaken(this.targets.get(service.target), operationOf(resource.action), parameters);
  }

  async call({ resource, input }: TaskCall, context: CallContext): Promise<JsonValue> {
    if (resource.kind !== 'service') throw new Error(`${resource.arn} is no service integration`);
    const name = resource.service.slice('aws-sdk:'.length);
    const service = services[name];
    const request = isObject(input) ? input : {};
    try {
      const target = this.targets.get(service.target);
      const answer = await target?.call(operationOf(resource.action), service.smallMembers ? lowerMembers(request) : request, context) ?? {};
      return mapMembers(service.smallMembers ? capitalizeMembers(answer) : answer, SDK_MODELS[name].dates, toIsoDate);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      assertUsable(error, input);
      throw sdkFailure(error, service.label);
    }
  }
}

/** Actions begin with a small letter, operations do not. */
function operationOf(action: string): string {
  return action.charAt(0).toUpperCase() + action.slice(1);
}
