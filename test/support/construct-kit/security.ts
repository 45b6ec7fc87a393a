import { CommonConstruct, CommonProps, extrasOf, Facts, Synthesised, synthesise, variantsOf } from './subject';
import { nameOf, Resource, roleStatements, statementsIn } from '../template';

/** What a resource of the type has, in every construct and with all props. */
const KEPT: Readonly<Record<string, object>> = {
  'AWS::ApiGateway::RestApi': { EndpointConfiguration: { Types: [expect.stringMatching(/^(REGIONAL|PRIVATE)$/)] } },
  'AWS::Athena::WorkGroup': { WorkGroupConfiguration: { EnforceWorkGroupConfiguration: true } },
  'AWS::S3::Bucket': {
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
    BucketEncryption: expect.anything(),
  },
  'AWS::SQS::Queue': { SqsManagedSseEnabled: true },
  'AWS::StepFunctions::StateMachine': { LoggingConfiguration: { IncludeExecutionData: false, Level: expect.stringMatching(/^(ERROR|FATAL)$/) } },
};

/** What a method asks of callers, one of these: no method is open to everybody. */
const DOORS: readonly object[] = [
  { AuthorizationType: 'AWS_IAM' },
  { AuthorizationType: 'NONE', ApiKeyRequired: true },
  { AuthorizationType: 'COGNITO_USER_POOLS', AuthorizerId: true },
  { AuthorizationType: 'CUSTOM', AuthorizerId: true },
];

/** Functions that run while a stack is deployed, and settings that hold for a whole account. */
const UNWANTED = /^Custom::|CustomResource|^AWS::(ApiGateway::Account|Logs::(Account|Resource)Policy|Athena::CapacityReservation|XRay::)/;

const WITHOUT_TLS = JSON.stringify({ Bool: { 'aws:SecureTransport': 'false' } });

const RESOURCE_POLICIES = /^AWS::(S3::Bucket|SNS::Topic|SQS::Queue)Policy$/;

/** What CDK adds to the role of a state machine that logs. AWS has no resources for log delivery. */
export const LOG_DELIVERY = {
  Effect: 'Allow',
  Action: [
    'logs:CreateLogDelivery', 'logs:GetLogDelivery', 'logs:UpdateLogDelivery', 'logs:DeleteLogDelivery', 'logs:ListLogDeliveries',
    'logs:PutResourcePolicy', 'logs:DescribeResourcePolicies', 'logs:DescribeLogGroups',
  ],
  Resource: ['*'],
};

/** What every configuration must keep: used wherever a test changes something else. */
export function expectSecure<Made>({ own, template }: Synthesised<Made>): void {
  for (const { Type, Properties } of own) if (Type in KEPT) expect({ Type, Properties }).toMatchObject({ Type, Properties: KEPT[Type] });
  for (const { Properties } of ofType(own, 'AWS::ApiGateway::Method')) {
    const { AuthorizationType, ApiKeyRequired, AuthorizerId } = Properties;
    const asked = { ...ApiKeyRequired === true && { ApiKeyRequired }, ...AuthorizerId !== undefined && { AuthorizerId: true } };
    expect(DOORS).toContainEqual({ AuthorizationType, ...asked });
  }
  expect(own.map(({ Type }) => Type).filter((type) => UNWANTED.test(type))).toEqual([]);
  expect(JSON.stringify(template.toJSON()).match(/\{\{resolve:[^}]*\}\}/g)).toBeNull();
}

const ofType = (own: readonly Resource[], type: string) => own.filter(({ Type }) => Type === type);

/** Who acts with a role, all of them with commas between. */
function trustedBy({ Properties }: Resource): string {
  const principals = statementsIn(Properties.AssumeRolePolicyDocument).map(({ Effect, Action, Principal }) => (
    Effect === 'Allow' && Action[0] === 'sts:AssumeRole' ? Object.values(Object(Principal)) : ['nobody']));
  return principals.flat().map((principal) => String(principal).replace(/\.amazonaws\.com$/, '')).join();
}

/** What every variant keeps: encryption, no logs with data, nothing for the whole account, no secret in the template, and no right too many. */
export function testSecurity<Made extends CommonConstruct, Props extends CommonProps>(facts: Facts<Made, Props>): void {
  describe.each(variantsOf(facts))('%s', (_name, variant) => {
    const synthesised = synthesise(facts, variant);
    const { own, template } = synthesised;
    const statements = [
      ...roleStatements(template, facts.id),
      ...own.filter(({ Type }) => RESOURCE_POLICIES.test(Type)).flatMap(({ Properties }) => statementsIn(Properties.PolicyDocument)),
    ];

    test('has the security that every configuration must keep', () => {
      expectSecure(synthesised);
    });

    test('has roles that nobody acts with but who must', () => {
      const trusted = own.filter(({ Type }) => Type === 'AWS::IAM::Role').map((role) => [nameOf(role), trustedBy(role)]);
      expect(Object.fromEntries(trusted)).toEqual(extrasOf(facts, variant).trust);
    });

    test('allows exact actions only', () => {
      const allowed = statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
      expect(allowed.length).toBeGreaterThan(0);
      expect(allowed.filter((action) => !/^[a-z0-9-]+:[A-Za-z]+$/.test(action))).toEqual([]);
    });

    test('takes nothing without TLS where others may send to', () => {
      const denied = statements.filter(({ Effect, Condition }) => Effect === 'Deny' && JSON.stringify(Condition) === WITHOUT_TLS).flatMap((statement) => statement.Resource);
      const receivers = own.filter(({ Type }) => /^AWS::(S3::Bucket|SNS::Topic|SQS::Queue)$/.test(Type)).map(({ id }) => `<${id}.Arn>`);
      expect(receivers.filter((arn) => !denied.includes(arn))).toEqual([]);
    });

    test('has rights on named resources, except for the log delivery that CDK adds, and what AWS knows no resources for', () => {
      const onEverything = statements.filter(({ Resource: targets }) => targets.includes('*'));
      expect(onEverything.filter(({ Action }) => Action[0] === LOG_DELIVERY.Action[0]))
        .toEqual(ofType(own, 'AWS::StepFunctions::StateMachine').map(() => LOG_DELIVERY));
      expect(onEverything.map(({ Action }) => Action).filter(([first]) => first !== LOG_DELIVERY.Action[0]))
        .toEqual(extrasOf(facts, variant).onEverything);
    });
  });

  test('a resource that lacks some of it is noticed, and so is one that no construct may make', () => {
    const synthesised = synthesise(facts);
    const seen = (changes: Partial<Resource>) => () => expectSecure({
      ...synthesised,
      own: synthesised.own.map((resource) => (
        resource.Type === 'AWS::StepFunctions::StateMachine' ? { ...resource, ...changes } : resource)),
    });
    expect(seen({})).not.toThrow();
    expect(seen({ Properties: {} })).toThrow('LoggingConfiguration');
    expect(seen({ Type: 'AWS::CloudFormation::CustomResource' })).toThrow('CustomResource');
  });
}
