import { App, Aspects, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Construct } from 'constructs';
import { addSchedule } from './function/harness';

/** Findings of cdk-nag that we accept, each with the reason: rule, and the path below the schedule. */
const ACCEPTED = [
  // It is a queue of dead letters itself.
  'AwsSolutions-SQS3 DeadLetters/Resource',
];

test('cdk-nag finds only what is accepted', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  addSchedule(new Construct(stack, 'Etl'));
  Aspects.of(app).add(new AwsSolutionsChecks());
  const annotations = Annotations.fromStack(stack);
  const findings = [...annotations.findError('*', Match.anyValue()), ...annotations.findWarning('*', Match.anyValue())];
  const found = findings.map(({ id, entry }) => `${String(entry.data).split(': ', 1)[0]} ${id.replace('/Stack/Etl/ScheduleNightly/', '')}`)
    .filter((finding) => !finding.includes('/Stack/Etl/Workflow/'));
  expect(found).toEqual(ACCEPTED);
});
