import { Grant, IGrantable, User } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { methodsOf } from './methods';
import { Changes, Subject, synthesise } from './subject';
import { resourcesOfType, statementsIn } from '../template';

type GrantMethods<Name extends string> = Readonly<Record<Name, (grantee: IGrantable) => Grant>>;

/** Every method that grants something gives exactly one action on one resource, or two that need each other. */
export interface GrantRow<Name extends string, Props> {
  readonly method: Name;
  readonly action: string;
  readonly resources: readonly string[];
  /** Another statement, where one right alone is of no use. */
  readonly and?: Readonly<Record<'Action' | 'Resource' | 'Condition', unknown>>;
  /** What there must be for it. */
  readonly props?: Changes<Props>;
}

export function testGrants<Name extends string, Made extends Construct & GrantMethods<Name>, Props>(
  subject: Subject<Made, Props>, rows: readonly GrantRow<Name, Props>[],
): void {
  test('every method that grants something is tested here', () => {
    expect(methodsOf(synthesise(subject).made, 'grant')).toEqual(rows.map(({ method }) => method).sort());
  });

  test.each(rows)('$method gives the right to $action, and no other', ({ method, action, resources, props, and }) => {
    const { template } = synthesise(subject, {
      props,
      then: (made, stack) => {
        expect(made[method](new User(stack, 'Grantee')).success).toBe(true);
      },
    });
    const policies = resourcesOfType(template, 'AWS::IAM::Policy').filter(({ id }) => id.startsWith('Grantee'));
    expect(policies.flatMap(({ Properties }) => statementsIn(Properties.PolicyDocument))).toEqual([{ Effect: 'Allow', Action: [action], Resource: resources }, ...and === undefined ? [] : [{ Effect: 'Allow', ...and }]]);
  });
}
