import { EncryptionSettings, LoggingSettings } from './api/state-machine';
import { StepFunctionsService } from './service';
import { ServiceError } from '../aws/service';
import { ResourceProviders } from '../template/resource';
import { StrictProperties } from '../template/strict-properties';

/** How long a data key is used. Source: Step Functions developer guide, "Data at rest encryption". */
const DEFAULT_REUSE_SECONDS = 300;

/** Resource types of Step Functions. */
export function stepFunctionsResources(service: StepFunctionsService): ResourceProviders {
  return {
    'AWS::StepFunctions::StateMachine': async ({ properties, logicalId, physicalName }) => {
      if ((properties.optionalString('StateMachineType') ?? 'STANDARD') !== 'STANDARD') properties.unsupported('StateMachineType', 'an Express workflow');
      properties.notModelled('Tags');
      const settings = {
        name: properties.optionalString('StateMachineName') ?? physicalName(80),
        roleArn: properties.string('RoleArn'),
        definition: readDefinition(properties),
        logging: properties.object('LoggingConfiguration', readLogging),
        encryption: properties.object('EncryptionConfiguration', readEncryption),
        tracing: properties.object('TracingConfiguration', (tracing) => tracing.boolean('Enabled')),
      };
      try {
        const { arn, name, revisionId } = await service.createStateMachine(settings);
        return { ref: arn, attributes: { Arn: arn, Name: name, StateMachineRevisionId: revisionId } };
      } catch (error) {
        if (error instanceof ServiceError) throw new Error(`${logicalId}: ${error.code}: ${error.message}`);
        throw error;
      }
    },
  };
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

/** Logs are not written, but their settings must make sense. */
function readLogging(logging: StrictProperties): LoggingSettings {
  const level = logging.optionalString('Level') ?? 'OFF';
  if (!isLevel(level)) return logging.unsupported('Level', 'a level that Step Functions does not know');
  const includeExecutionData = logging.boolean('IncludeExecutionData') ?? false;
  const readGroup = (destination: StrictProperties) => destination.object('CloudWatchLogsLogGroup', (group) => group.string('LogGroupArn'));
  const [destination, ...more] = logging.list('Destinations', readGroup) ?? [];
  if (level !== 'OFF' && (destination === undefined || more.length > 0)) logging.unsupported('Destinations', 'logging to other than one log group');
  return { level, includeExecutionData, logGroupArn: level === 'OFF' ? undefined : destination };
}

function isLevel(text: string): text is LoggingSettings['level'] {
  return ['ALL', 'ERROR', 'FATAL', 'OFF'].includes(text);
}
