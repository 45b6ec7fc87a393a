import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Alias, IKey, Key } from 'aws-cdk-lib/aws-kms';
import { useOfOtherStack } from './other-stack';
import { CommonConstruct, CommonProps, Configuration, extrasOf, Facts, Synthesised, synthesise, SynthOptions, variantsOf, withCommonProps } from './subject';
import { idsIn, keyStatements, only, plain, roleStatements, Statement } from '../template';

const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/8c1e3f5a-0000-4000-8000-000000000000';
const ENV = { account: '111122223333', region: 'eu-west-1' };
const LOGS = 'arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:*';

/** What the role of an encrypted machine may do with the key, which it uses itself. */
const ROLE_CONDITIONS = [
  { StringLike: { 'kms:EncryptionContext:aws:states:stateMachineArn': 'arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:stateMachine:*' } },
  { StringEquals: { 'kms:EncryptionContext:SourceArn': LOGS } },
];

const MACHINE = 'AWS::StepFunctions::StateMachine';
const LOG_GROUP = 'AWS::Logs::LogGroup';

/** `encryptionKey` encrypts every state machine and every log group that the construct makes, and gives what that takes. */
export function testEncryption<Made extends CommonConstruct, Props extends CommonProps>(facts: Facts<Made, Props>): void {
  const newKey = (stack: Stack): IKey => new Key(stack, 'TheirKey');

  const encrypted = (variant: Configuration<Made, Props>, keyOf: (stack: Stack) => IKey, options: SynthOptions = {}): Synthesised<Made> => (
    synthesise(facts, { ...variant, props: (stack) => withCommonProps(variant, { encryptionKey: keyOf(stack) }).props?.(stack) ?? {} }, options));
  const kms = (statements: readonly Statement[]) => statements.filter(({ Action }) => Action.some((action) => action.startsWith('kms:')));
  const warnings = ({ stack }: Synthesised<Made>) => Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('cdk-data-workflows:keyPolicy'));

  describe.each(variantsOf(facts))('%s', (_name, variant) => {
    const synthesised = encrypted(variant, newKey);
    const { own } = synthesised;
    const key = /^TheirKey/;

    test('everything that holds data of executions is encrypted', () => {
      const machines = own.filter(({ Type }) => Type === MACHINE);
      const configuration = { Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: expect.stringMatching(/^<TheirKey\w+\.Arn>$/) };
      expect(machines.map(({ Properties }) => plain(Properties.EncryptionConfiguration))).toEqual(machines.map(() => configuration));
      const groups = own.filter(({ Type }) => Type === LOG_GROUP);
      expect(groups.length).toBeGreaterThan(machines.length);
      expect(groups.map(({ Properties }) => plain(Properties.KmsKeyId))).toEqual(groups.map(() => configuration.KmsKeyId));
    });

    test('without it there is no resource less, and nothing names a key for them', () => {
      const plainly = synthesise(facts, withCommonProps(variant, { encryptionKey: undefined }));
      expect(idsIn(plainly.own, /./)).toEqual(idsIn(own, /./));
      const names = plainly.own.filter(({ Type }) => [MACHINE, LOG_GROUP].includes(Type)).flatMap(({ Properties }) => Object.keys(Properties));
      expect(names).not.toContain('EncryptionConfiguration');
      expect(names).not.toContain('KmsKeyId');
    });

    test('the role of each machine may use the key, those who read executions may decrypt with it, and nobody else', () => {
      const via = (service: string) => ({ Condition }: Statement) => (
        JSON.stringify(Object(Object(Condition).StringEquals)['kms:ViaService'] ?? '').includes(service));
      const [throughS3, throughTable] = [via('s3.'), via('dynamodb.')];
      const ofRoles = kms(roleStatements(synthesised.template, facts.id)).filter(({ Resource: [arn] }) => key.test(arn.slice(1)));
      expect(ofRoles.filter(throughTable).map(({ Action }) => Action)).toEqual(extrasOf(facts, variant).tableUsers.map(() => ['kms:Decrypt']));
      for (const role of extrasOf(facts, variant).tableUsers) {
        expect(kms(roleStatements(synthesised.template, role)).filter(throughTable)).toHaveLength(1);
      }
      const all = ofRoles.filter((statement) => !throughS3(statement) && !throughTable(statement));
      for (const role of extrasOf(facts, variant).objectWriters) {
        const writing = kms(roleStatements(synthesised.template, role)).filter(throughS3);
        const reading = extrasOf(facts, variant).objectReaders.filter((reader) => reader === role);
        expect(writing.map(({ Action }) => Action)).toEqual([['kms:Decrypt', 'kms:GenerateDataKey'], ...reading.map(() => ['kms:Decrypt'])]);
      }
      expect(ofRoles.filter(throughS3)).toHaveLength(extrasOf(facts, variant).objectWriters.length + extrasOf(facts, variant).objectReaders.length);
      const machines = own.filter(({ Type }) => Type === MACHINE);
      const isReading = ({ Action }: { readonly Action: readonly string[] }) => Action.join() === 'kms:Decrypt';
      expect(all.filter(isReading).map(({ Condition }) => JSON.stringify(Condition).includes('kms:EncryptionContext:aws:states:stateMachineArn')))
        .toEqual(extrasOf(facts, variant).executionReaders.map(() => true));
      const rights = all.filter((statement) => !isReading(statement));
      expect(rights.map(({ Condition }) => Condition)).toEqual(machines.flatMap(() => ROLE_CONDITIONS));
      expect(rights.map(({ Action }) => Action)).toEqual(machines.flatMap(() => [['kms:Decrypt', 'kms:GenerateDataKey'], ['kms:GenerateDataKey']]));
    });
  });

  test('the policy of a new key lets CloudWatch Logs use it, and nobody has to be warned', () => {
    const synthesised = encrypted({}, newKey);
    const added = keyStatements(synthesised.template).filter(({ Principal }) => JSON.stringify(Principal).includes('Service'));
    expect(added).toEqual([
      expect.objectContaining({
        Principal: { Service: 'logs.<AWS::Region>.<AWS::URLSuffix>' },
        Action: expect.arrayContaining(['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:DescribeKey']),
        Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': LOGS } },
      }),
      expect.objectContaining({ Principal: { Service: 'delivery.logs.amazonaws.com' }, Action: ['kms:Decrypt'] }),
    ]);
    expect(warnings(synthesised)).toEqual([]);
  });

  test('a warning says what the policy of an imported key must allow', () => {
    const synthesised = encrypted({}, (stack) => Key.fromKeyArn(stack, 'TheirKey', KEY_ARN));
    expect(warnings(synthesised).map(({ entry }) => String(entry.data))).toEqual([expect.stringMatching(
      /logs\.<Region>\.amazonaws\.com use kms:Decrypt, .* delivery\.logs\.amazonaws\.com use kms:Decrypt/,
    )]);
  });

  test.each<[how: string, keyOf: (stack: Stack) => IKey]>([
    ['new', (stack) => new Alias(stack, 'Alias', { aliasName: 'theirs', targetKey: newKey(stack) })],
    ['imported', (stack) => Alias.fromAliasName(stack, 'TheirKey', 'alias/theirs')],
  ])('a key that is known by an alias is named by it in no policy: %s', (_how, keyOf) => {
    const statements = kms(roleStatements(encrypted({}, keyOf).template, facts.id));
    expect(statements.length).toBeGreaterThan(0);
    for (const statement of statements) {
      expect(statement.Resource).toEqual(['arn:<AWS::Partition>:kms:<AWS::Region>:<AWS::AccountId>:key/*']);
      expect(statement.Condition).toMatchObject({ 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/theirs' } });
    }
  });

  test.each<[what: string, keyOf: (stack: Stack) => IKey]>([
    ['a key', newKey],
    ['an alias', (stack) => new Alias(stack, 'Alias', { aliasName: 'theirs', targetKey: newKey(stack) })],
  ])('%s of another stack is used, and its policy completed there', (_what, keyOf) => {
    const { theirs } = useOfOtherStack(facts, (stack) => withCommonProps<Made, Props>({}, { encryptionKey: keyOf(stack) }).props?.(stack) ?? {});
    expect(keyStatements(theirs).filter(({ Principal }) => JSON.stringify(Principal).includes('Service'))).toHaveLength(2);
  });

  test('an alias is there before what it encrypts', () => {
    const { own, template } = encrypted({}, (stack) => new Alias(stack, 'Alias', { aliasName: 'theirs', targetKey: newKey(stack) }));
    const alias = only(template, 'AWS::KMS::Alias').id;
    for (const { DependsOn = [] } of own.filter(({ Type }) => [MACHINE, LOG_GROUP].includes(Type))) expect([DependsOn].flat()).toContain(alias);
  });

  test('a key of another Region is refused', () => {
    const elsewhere = KEY_ARN.replace('eu-west-1', 'us-east-1');
    expect(() => encrypted({}, (stack) => Key.fromKeyArn(stack, 'TheirKey', elsewhere), { env: ENV })).toThrow(
      `Stack/${facts.id}: the place of encryptionKey must be eu-west-1 of 111122223333, got "us-east-1 of 111122223333"`,
    );
  });
}
