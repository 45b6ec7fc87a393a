import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Changes, CommonConstruct, CommonProps, Facts, synthesise, variantsOf, withCommonProps } from './subject';
import { Resource } from '../template';

/** What has data or identity, and is kept when its stack goes. */
const KEPT: Readonly<Record<string, string>> = {
  // A workgroup that a failed first deployment left behind would be in the way of the next, for its name is fixed.
  'AWS::Athena::WorkGroup': 'RetainExceptOnCreate',
  'AWS::DynamoDB::GlobalTable': 'Retain',
  'AWS::DynamoDB::Table': 'Retain',
  'AWS::Logs::LogGroup': 'Retain',
  'AWS::S3::Bucket': 'Retain',
  'AWS::SQS::Queue': 'Retain',
  'AWS::SecretsManager::Secret': 'Retain',
  'AWS::StepFunctions::StateMachine': 'Retain',
};

const policiesOf = (resources: readonly Resource[]) => Object.fromEntries(
  resources.filter(({ DeletionPolicy }) => DeletionPolicy !== undefined).map(({ id, DeletionPolicy }) => [id, DeletionPolicy]),
);
const expectedOf = (own: readonly Resource[], policyOf: (type: string) => string) => Object.fromEntries(
  own.filter(({ Type }) => Type in KEPT).map(({ id, Type }) => [id, policyOf(Type)]),
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
      expect(policiesOf(own)).toEqual(expectedOf(own, (type) => KEPT[type]));
    });

    test('logs are kept for a month by default, and all as long as logRetention says', () => {
      const short = synthesise(facts, withCommonProps(variant, { logRetention: RetentionDays.THREE_DAYS })).own;
      expect(logRetentionsOf(own).length).toBeGreaterThan(0);
      expect(logRetentionsOf(own)).toEqual(logRetentionsOf(own).map(() => 30));
      expect(logRetentionsOf(short)).toEqual(logRetentionsOf(own).map(() => 3));
    });

    test('removalPolicy goes to everything that is kept', () => {
      const destroyed = synthesise(facts, withCommonProps(variant, { removalPolicy: RemovalPolicy.DESTROY })).own;
      expect(policiesOf(destroyed)).toEqual(expectedOf(own, () => 'Delete'));
    });
  });

  test('removalPolicy goes to nothing that was brought', () => {
    const { own, brought } = synthesise(facts, withCommonProps({ props: bringing }, { removalPolicy: RemovalPolicy.DESTROY }));
    expect(brought.map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(['Retain']);
    expect(policiesOf(own)).toEqual(expectedOf(own, () => 'Delete'));
  });
}
