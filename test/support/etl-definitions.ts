import { Template } from 'aws-cdk-lib/assertions';
import { plain, resourcesOfType } from './template';
import { AslMachine } from '../../src/private/synth/asl';

/** The definitions of all state machines, by logical id without its hash, as they are deployed in the partition `aws`. */
export function definitionsOf(template: Template): Record<string, AslMachine> {
  const machines = resourcesOfType(template, 'AWS::StepFunctions::StateMachine').map(({ id, Properties }) => {
    const text = String(plain(Properties.DefinitionString)).replaceAll('<AWS::Partition>', 'aws');
    const definition: AslMachine = JSON.parse(text.replace(/<(\w+)>/g, 'arn:aws:states:us-east-1:111122223333:stateMachine:$1'));
    return [id.slice(0, -8), definition] as const;
  });
  return Object.fromEntries(machines);
}
