import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Changes, CommonConstruct, CommonProps, Facts, synthesise, variantsOf, withCommonProps } from './subject';
import { Resource } from '../template';

/** What has data or identity. */
const KEPT = [
  'AWS::Athena::WorkGroup', 'AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket', 'AWS::SQS::Queue',
  'AWS::SecretsManager::Secret', 'AWS::StepFunctions::StateMachine',
];

/** Kept when its stack goes, and not when its first deployment fails: what that left behind would be in the way of the next. */
const KEPT_ONCE_MADE = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };

type Policies = Pick<Resource, 'DeletionPolicy' | 'UpdateReplacePolicy'>;

const policiesOf = (resources: readonly Resource[]): Record<string, Policies> => Object.fromEntries(
  resources.filter(({ DeletionPolicy }) => DeletionPolicy !== undefined)
    .map(({ id, DeletionPolicy, UpdateReplacePolicy }) => [id, { DeletionPolicy, UpdateReplacePolicy }]),
);
const expectedOf = (own: readonly Resource[], policies: Policies) => Object.fromEntries(
  own.filter(({ Type }) => KEPT.includes(Type)).map(({ id }) => [id, policies]),
);
const logRetentionsOf = (resources: readonly Resource[]) => resources.filter(({ Type }) => Type === 'AWS::Logs::LogGroup').map(({ Properties }) => Properties.RetentionInDays);

/**
 * What is kept, and for how long.
 *
 * @param bringing something with a removal policy of its own, which is to be retained
 */
export function testRetention<Made extends CommonConstruct, Props extends CommonProps>(facts: Facts<Made, Props>, bringing: Changes<Props>): void {
  describe.each(variantsOf(facts))('%s', (_name, variant) => {
    const { own } = synthesise(facts, withCommonProps(variant, { removalPolicy: undefined, logRetention: undefined }));

    test('what has data or identity is kept by default, and nothing else is', () => {
      expect(policiesOf(own)).toEqual(expectedOf(own, KEPT_ONCE_MADE));
    });

    test('logs are kept for a month by default, and all as long as logRetention says', () => {
      const short = synthesise(facts, withCommonProps(variant, { logRetention: RetentionDays.THREE_DAYS })).own;
      expect(logRetentionsOf(own).length).toBeGreaterThan(0);
      expect(logRetentionsOf(own)).toEqual(logRetentionsOf(own).map(() => 30));
      expect(logRetentionsOf(short)).toEqual(logRetentionsOf(own).map(() => 3));
    });

    test('removalPolicy goes to everything that is kept', () => {
      const destroyed = synthesise(facts, withCommonProps(variant, { removalPolicy: RemovalPolicy.DESTROY })).own;
      expect(policiesOf(destroyed)).toEqual(expectedOf(own, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' }));
    });
  });

  test('removalPolicy goes to nothing that was brought', () => {
    const { own, brought } = synthesise(facts, withCommonProps({ props: bringing }, { removalPolicy: RemovalPolicy.DESTROY }));
    expect(brought.map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(['Retain']);
    expect(policiesOf(own)).toEqual(expectedOf(own, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' }));
  });
}
