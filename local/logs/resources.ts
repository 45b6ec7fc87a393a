import { LogGroupSettings, LogStore } from './log-store';
import { AwsEnvironment, ServiceError } from '../aws/service';
import { KeyAction, UseKey } from '../iam/key-use';
import { ResourceChanges, ResourceProviders, ResourceRequest } from '../template/resource';

/** Days that CloudWatch Logs accepts, from the reference of PutRetentionPolicy. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** What CloudWatch Logs does with a key. Source: CloudWatch Logs user guide, "Encrypt log data using AWS KMS", without what has no encryption context. */
const KEY_ACTIONS: readonly KeyAction[] = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];

/**
 * Resource types of CloudWatch Logs: log groups.
 *
 * @param useKey for groups with a customer's key. Default: there can be none
 */
export function logsResources(store: LogStore, useKey?: UseKey): ResourceProviders {
  return {
    'AWS::Logs::LogGroup': async (request) => {
      const settings = await readGroup(request, useKey);
      store.createGroup(settings);
      return { ref: settings.name, attributes: { Arn: settings.arn } };
    },
  };
}

/** What becomes of them in updates: lines stay. */
export function logsChanges(store: LogStore, useKey?: UseKey): ResourceChanges {
  return {
    'AWS::Logs::LogGroup': {
      update: async (request) => {
        const settings = await readGroup(request, useKey);
        store.configureGroup(settings);
        return { ref: settings.name, attributes: { Arn: settings.arn } };
      },
      remove: ({ current }) => store.removeGroup(current.ref),
    },
  };
}

async function readGroup(request: ResourceRequest, useKey?: UseKey): Promise<LogGroupSettings> {
  const { properties, environment } = request;
  const { partition, region, accountId } = environment;
  const name = properties.optionalString('LogGroupName') ?? request.physicalName(512);
  if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) properties.unsupported('LogGroupName', 'a name that CloudWatch Logs does not allow');
  const retentionInDays = properties.number('RetentionInDays');
  if (retentionInDays !== undefined && !RETENTION_DAYS.includes(retentionInDays)) {
    properties.unsupported('RetentionInDays', `a retention other than ${RETENTION_DAYS.join(', ')} days`);
  }
  if ((properties.optionalString('LogGroupClass') ?? 'STANDARD') !== 'STANDARD') properties.unsupported('LogGroupClass', 'another class than STANDARD');
  // Nothing here reads tags.
  properties.notModelled('Tags');
  const arn = `arn:${partition}:logs:${region}:${accountId}:log-group:${name}`;
  const keyArn = properties.optionalString('KmsKeyId');
  if (keyArn !== undefined) await assertKey(arn, keyArn, environment, useKey ?? properties.unsupported('KmsKeyId', 'a key where there is no KMS'));
  return { name, arn: `${arn}:*`, retentionInDays };
}

/** CloudWatch Logs uses the key itself, so the key's own policy must let it. */
async function assertKey(groupArn: string, keyArn: string, { region, urlSuffix }: AwsEnvironment, useKey: UseKey): Promise<void> {
  const context = { caller: { service: `logs.${region}.${urlSuffix}` } };
  try {
    for (const action of KEY_ACTIONS) await useKey(keyArn, action, context, { encryptionContext: { 'aws:logs:arn': groupArn } });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new Error(`The specified KMS key does not exist or is not allowed to be used with LogGroup '${groupArn}'`);
  }
}
