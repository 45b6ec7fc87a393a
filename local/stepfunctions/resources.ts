import { StepFunctionsService } from './service';
import { ServiceError } from '../aws/service';
import { ResourceProviders } from '../template/resource';
import { StrictProperties } from '../template/strict-properties';

/** Resource types of Step Functions. */
export function stepFunctionsResources(service: StepFunctionsService): ResourceProviders {
  return {
    'AWS::StepFunctions::StateMachine': async ({ properties, logicalId, physicalName }) => {
      if ((properties.optionalString('StateMachineType') ?? 'STANDARD') !== 'STANDARD') properties.unsupported('StateMachineType', 'an Express workflow');
      properties.object('LoggingConfiguration', readLogging);
      // Neither traces nor tags change what an execution does.
      properties.notModelled('TracingConfiguration', 'Tags');
      const settings = {
        name: properties.optionalString('StateMachineName') ?? physicalName(80),
        roleArn: properties.string('RoleArn'),
        definition: readDefinition(properties),
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
  const substitutions = properties.json('DefinitionSubstitutions');
  if (substitutions === undefined || typeof substitutions !== 'object' || substitutions === null || Array.isArray(substitutions)) return definition;
  return Object.entries(substitutions).reduce((text, [name, value]) => text.replaceAll(`\${${name}}`, String(value)), definition);
}

/** Logs are not written, but their settings must make sense. */
function readLogging(logging: StrictProperties): void {
  logging.notModelled('Level', 'IncludeExecutionData');
  logging.list('Destinations', (destination) => destination.object('CloudWatchLogsLogGroup', (group) => group.string('LogGroupArn')));
}
