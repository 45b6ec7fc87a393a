import { DEFAULT_REUSE_SECONDS, EncryptionSettings, MachineType, StateMachine } from './api/state-machine';
import { isLogLevel, LoggingSettings } from './logging/settings';
import { StateMachineSettings, StepFunctionsService } from './service';
import { ServiceError } from '../aws/service';
import { CreatedResource, ResourceChanges, ResourceProviders, ResourceRequest } from '../template/resource';
import { StrictProperties } from '../template/strict-properties';

/** Resource types of Step Functions. */
export function stepFunctionsResources(service: StepFunctionsService): ResourceProviders {
  return {
    'AWS::StepFunctions::StateMachine': async (request) => describe(request, service.createStateMachine(readMachine(request))),
  };
}

/** What becomes of them in updates: executions that run keep the definition and the role that they were started with. */
export function stepFunctionsChanges(service: StepFunctionsService): ResourceChanges {
  return {
    'AWS::StepFunctions::StateMachine': {
      update: async (request) => describe(request, service.changeStateMachine(request.current.ref, readMachine(request))),
      remove: ({ current }) => service.removeStateMachine(current.ref),
    },
  };
}

function readMachine({ properties, physicalName }: ResourceRequest): StateMachineSettings {
  properties.notModelled('Tags');
  return {
    name: properties.optionalString('StateMachineName') ?? physicalName(80),
    type: readType(properties),
    roleArn: properties.string('RoleArn'),
    definition: readDefinition(properties),
    logging: properties.object('LoggingConfiguration', readLogging),
    encryption: properties.object('EncryptionConfiguration', readEncryption),
    tracing: properties.object('TracingConfiguration', (tracing) => tracing.boolean('Enabled')),
  };
}

async function describe({ logicalId }: ResourceRequest, machine: Promise<StateMachine>): Promise<CreatedResource> {
  try {
    const { arn, name, revisionId = 'INITIAL' } = await machine;
    return { ref: arn, attributes: { Arn: arn, Name: name, StateMachineRevisionId: revisionId } };
  } catch (error) {
    if (error instanceof ServiceError) throw new Error(`${logicalId}: ${error.code}: ${error.message}`);
    throw error;
  }
}

/** The definition with `${name}` replaced as DefinitionSubstitutions say. */
function readDefinition(properties: StrictProperties): string {
  const definition = properties.has('Definition') ? JSON.stringify(properties.json('Definition')) : properties.string('DefinitionString');
  return [...properties.texts('DefinitionSubstitutions')].reduce((text, [name, value]) => text.replaceAll(`\${${name}}`, () => value), definition);
}

function readEncryption(encryption: StrictProperties): EncryptionSettings | undefined {
  const type = encryption.string('Type');
  if (type === 'AWS_OWNED_KEY') return undefined;
  if (type !== 'CUSTOMER_MANAGED_KMS_KEY') encryption.unsupported('Type', 'a type that Step Functions does not know');
  const reusePeriod = encryption.number('KmsDataKeyReusePeriodSeconds') ?? DEFAULT_REUSE_SECONDS;
  if (!Number.isInteger(reusePeriod) || reusePeriod < 60 || reusePeriod > 900) encryption.unsupported('KmsDataKeyReusePeriodSeconds', 'other than 60 to 900 seconds');
  return { keyId: encryption.string('KmsKeyId'), reusePeriod };
}

function readType(properties: StrictProperties): MachineType {
  const type = properties.optionalString('StateMachineType') ?? 'STANDARD';
  return type === 'STANDARD' || type === 'EXPRESS' ? type : properties.unsupported('StateMachineType', 'a type that Step Functions does not know');
}

function readLogging(logging: StrictProperties): LoggingSettings {
  const level = logging.optionalString('Level') ?? 'OFF';
  if (!isLogLevel(level)) return logging.unsupported('Level', 'a level that Step Functions does not know');
  const readGroup = (destination: StrictProperties) => {
    const arn = destination.object('CloudWatchLogsLogGroup', (group) => group.string('LogGroupArn'));
    return arn ?? destination.unsupported('CloudWatchLogsLogGroup', 'a destination other than a log group');
  };
  return { level, includeExecutionData: logging.boolean('IncludeExecutionData') ?? false, destinations: logging.list('Destinations', readGroup) };
}
