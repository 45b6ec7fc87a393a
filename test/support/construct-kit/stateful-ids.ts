import { CommonConstruct, CommonProps, extrasOf, Facts, synthesise, variantsOf } from './subject';
import { idsIn, Resource } from '../template';

/** Whose replacement would lose data, or change something that users hold: a URL, an ARN, a name, a group that a server lets in. */
const STATEFUL = new RegExp(`^AWS::(${[
  'ApiGateway::RestApi', 'ApiGateway::Stage', 'Athena::WorkGroup', 'CloudWatch::Alarm', 'DynamoDB::.*Table', 'EC2::SecurityGroup', 'IAM::Role', 'KMS::Key',
  'Lambda::Function', 'Logs::LogGroup', 'S3::Bucket', 'SNS::Topic', 'SQS::Queue', 'Scheduler::Schedule', 'SecretsManager::Secret', 'StepFunctions::StateMachine',
].join('|')})$`);

/** Logical ids and types of everything with state or identity. */
export function statefulIds(resources: readonly Resource[]): Record<string, string> {
  return idsIn(resources, STATEFUL);
}

/** Everything with state or identity keeps its logical id, whatever users choose: they switch, and upgrade for years. */
export function testStatefulIds<Made extends CommonConstruct, Props extends CommonProps>(facts: Facts<Made, Props>): void {
  test.each(variantsOf(facts))('the ids of everything with state or identity: %s', (_name, variant) => {
    expect(statefulIds(synthesise(facts, variant).own)).toEqual(extrasOf(facts, variant).ids);
  });
}
