import { App, Environment, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { Subject } from './subject';

/** An instance that uses something of another stack. The other stack must not need the one with the instance: that would close a circle. */
export function useOfOtherStack<Made extends Construct, Props>(
  subject: Subject<Made, Props>, props: (theirs: Stack, ours: Stack) => Partial<Props>, env?: Environment,
): { readonly theirs: Template; readonly ours: Template } {
  const app = new App();
  const [theirs, ours] = ['Theirs', 'Ours'].map((id) => new Stack(app, id, { env }));
  new subject.Construct(ours, subject.id, subject.props(ours, props(theirs, ours)));
  app.synth();
  expect(ours.dependencies).toEqual([theirs]);
  expect(theirs.dependencies).toEqual([]);
  return { theirs: Template.fromStack(theirs), ours: Template.fromStack(ours) };
}
