import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AsyncAthenaQueryApiProps, SigningKeys } from '../../../src';
import { deliveryEnvironment, synth } from '../../support/synth-queries';
import { only, resourcesOfType, roleStatements } from '../../support/template';

const ed25519 = (props: AsyncAthenaQueryApiProps = {}) => synth(() => ({ signingKeys: SigningKeys.ed25519(), ...props }));

describe('an ed25519 key', () => {
  const { template, queries } = ed25519();
  const secret = only(template, 'AWS::SecretsManager::Secret');

  test('is a seed of 64 hexadecimal digits, each as likely as any other', () => {
    expect(secret.Properties.GenerateSecretString).toEqual({
      PasswordLength: 64, ExcludePunctuation: true, ExcludeUppercase: true, ExcludeCharacters: 'ghijklmnopqrstuvwxyz', RequireEachIncludedType: false,
    });
    expect(deliveryEnvironment(template)).toMatchObject({ SIGNATURE_VERSION: 'v1a', SIGNING_SECRET_ARN: `<${secret.id}>` });
  });

  test('is read by the delivery and by what tells the public key, and that can do nothing else', () => {
    const READ = { Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: [`<${secret.id}>`] };
    expect(roleStatements(template, 'QueriesSigningKeysRole')).toEqual([
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: [expect.stringMatching(/^<QueriesSigningKeysLogs/)] }, READ,
    ]);
    expect(roleStatements(template, 'QueriesDeliveryRole')).toContainEqual(READ);
    for (const role of ['QueriesManagementRole', 'QueriesApiRole', 'QueriesQueryRole', 'QueriesLinkRole']) {
      expect(JSON.stringify(roleStatements(template, role))).not.toContain('secretsmanager');
    }
  });

  test('has a route that is guarded as the others are and has a throttle, also without queryManagement', () => {
    for (const each of [template, ed25519({ queryManagement: false }).template]) {
      const methods = resourcesOfType(each, 'AWS::ApiGateway::Method').map(({ Properties }) => Properties);
      expect(methods.find(({ OperationName }) => OperationName === 'GetSigningKeys')).toMatchObject({ HttpMethod: 'GET', AuthorizationType: 'AWS_IAM' });
      expect(only(each, 'AWS::ApiGateway::Stage').Properties.MethodSettings).toContainEqual({
        DataTraceEnabled: false, HttpMethod: 'GET', ResourcePath: '/~1signing-keys', ThrottlingBurstLimit: 10, ThrottlingRateLimit: 5,
      });
    }
  });

  test('is told of by the construct', () => {
    expect(queries.signingKeysUrl).toBeDefined();
    expect(queries.signingKeysFunction).toBeDefined();
    expect(queries.signingKeysLogGroup).toBeDefined();
  });

  test('can come from a secret of the user', () => {
    const mine = synth((stack) => ({ signingKeys: SigningKeys.ed25519(), signingSecret: Secret.fromSecretNameV2(stack, 'Mine', 'mine') }));
    mine.template.resourceCountIs('AWS::SecretsManager::Secret', 0);
    expect(deliveryEnvironment(mine.template).SIGNATURE_VERSION).toBe('v1a');
  });
});

test('a shared secret has no public key', () => {
  const { queries, template } = synth(() => ({ signingKeys: SigningKeys.sharedSecret() }));
  expect([queries.signingKeysUrl, queries.signingKeysFunction, queries.signingKeysLogGroup]).toEqual([undefined, undefined, undefined]);
  expect(template.toJSON()).toEqual(synth(() => ({})).template.toJSON());
});
