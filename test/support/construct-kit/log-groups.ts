import { Stack } from 'aws-cdk-lib';
import { ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Subject, synthesise } from './subject';
import { nameOf, plain, Resource, roleStatements } from '../template';

/** Where a resource of the type says where it logs. */
const LOGGING: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Stage': 'AccessLogSetting', 'AWS::Lambda::Function': 'LoggingConfig', 'AWS::StepFunctions::StateMachine': 'LoggingConfiguration',
};

export interface LogGroupFacts<Made, Props> {
  /** Props that bring all the groups there can be. */
  readonly props: (bring: (id: string) => ILogGroup) => Partial<Props>;
  /** Logical ids without their hash of all that logs, each with the id of the group that it logs to. */
  readonly loggers: Readonly<Record<string, string>>;
  /** Groups that the construct tells, each with the id of the one that was brought for it. */
  readonly told: readonly (readonly [groupOf: (made: Made) => ILogGroup | undefined, id: string])[];
  /** A function that writes its own log: a prop for its group, and its role. */
  readonly writer: { readonly props: (group: ILogGroup) => Partial<Props>; readonly role: string };
}

/** Log groups that users bring. */
export function testLogGroups<Made extends Construct, Props>(
  subject: Subject<Made, Props>, { props, loggers, told, writer }: LogGroupFacts<Made, Props>,
): void {
  const groupOf = ({ Type, Properties }: Resource) => /<(\w+)[0-9A-F]{8}[.>]/.exec(JSON.stringify(plain(Properties[LOGGING[Type]])))?.[1];

  test('of the same stack are used and no other is made', () => {
    const { own, made } = synthesise(subject, { props: (stack) => props((id) => new LogGroup(stack, id)) });
    expect(own.filter(({ Type }) => Type === 'AWS::Logs::LogGroup')).toEqual([]);
    const used = own.filter(({ Type }) => Type in LOGGING).map((resource) => [nameOf(resource), groupOf(resource)]);
    expect(Object.fromEntries(used)).toEqual(loggers);
    expect(told.map(([tell]) => tell(made)?.node.id)).toEqual(told.map(([, id]) => id));
  });

  test('that are imported may be written to', () => {
    const { template } = synthesise(subject, { props: (stack: Stack) => writer.props(LogGroup.fromLogGroupName(stack, 'Theirs', 'their-logs')) });
    expect(roleStatements(template, writer.role)[0])
      .toMatchObject({ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: [expect.stringMatching(/:log-group:their-logs:\*$/)] });
  });
}
