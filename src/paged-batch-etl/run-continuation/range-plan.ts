import { Aws } from 'aws-cdk-lib';
import { RunContinuationProps } from './binding';
import { AslObject, AslRetrier, AslTask } from '../../private/synth/asl';
import { AslTemplate } from '../../private/synth/asl-template';
import { invocationTaskTimeout } from '../../private/synth/lambda-limits';
import { FINAL_PLANNING_ERRORS, FINAL_REPLAY_ERRORS, OUTAGE_SOURCE_ERRORS } from '../contracts/error-names';
import { PartitionRule, PLAN_RANGES_CONTRACT, PlanRangesEvent } from '../contracts/plan-ranges';
import { functionRetries, LAMBDA_SERVICE_ERRORS } from '../workflow/task-retry';

/** Attempts after an error that is no outage. */
const PLAN_ATTEMPTS = { attempts: 2 };

/** Asks the source function for the ranges of a run. Nothing else goes on meanwhile, so that the state itself waits for the end of an outage. */
export function planRanges(
  { sourceFunction, sourceTimeout, timedOutReadsRunOn, tolerance }: RunContinuationProps, rule: PartitionRule, waits: readonly number[], next: string,
): AslTask {
  const event = {
    'contract': PLAN_RANGES_CONTRACT,
    'parameters.$': '$.parameters',
    'run': { 'id.$': '$.root', 'page': 0 },
  } satisfies AslTemplate<Omit<PlanRangesEvent, 'partitions'>>;
  const [final, ofService, ofFunction] = functionRetries({
    final: [...FINAL_PLANNING_ERRORS, ...tolerance ? FINAL_REPLAY_ERRORS : []], ...PLAN_ATTEMPTS,
  });
  const outage: AslRetrier = {
    ErrorEquals: [...OUTAGE_SOURCE_ERRORS, ...LAMBDA_SERVICE_ERRORS],
    // A read that timed out may go on inside DocumentDB for that long.
    IntervalSeconds: timedOutReadsRunOn ? 300 : 60,
    BackoffRate: 2,
    MaxDelaySeconds: 900,
    MaxAttempts: waits.length,
  };
  return {
    Type: 'Task',
    Resource: `arn:${Aws.PARTITION}:states:::lambda:invoke`,
    Parameters: { FunctionName: sourceFunction.functionArn, Payload: { ...event, partitions: ruleOf(rule) } },
    TimeoutSeconds: invocationTaskTimeout(sourceTimeout),
    ResultSelector: { 'ranges.$': '$.Payload.ranges' },
    ResultPath: '$.plan',
    Retry: [final, waits.length > 0 ? outage : ofService, ofFunction],
    Next: next,
  };
}

function ruleOf(rule: PartitionRule): AslObject {
  return rule.by === 'boundaries' ? { by: rule.by, boundaries: [...rule.boundaries] } : { by: rule.by, ranges: rule.ranges };
}
