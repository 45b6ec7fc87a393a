import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { AslObject } from '../../private/synth/asl';

/** Where the ends of queries are announced. */
export interface QueryAnnouncementBinding {
  /** What it is called in names of states: `Event Bus`. */
  readonly name: string;
  /** The integration of Step Functions, such as `events:putEvents`. */
  readonly integration: string;
  /** The action that it takes. */
  readonly action: string;
  /** ARN of the bus, queue or topic. */
  readonly arn: string;
  /** Errors after which another attempt cannot succeed. */
  readonly finalErrors: readonly string[];
  /**
   * Parameters of the call.
   *
   * @param announcement path of what is announced
   */
  parameters(announcement: string): AslObject;
  /** Refuses a place that cannot be reached, and warns of one that may not let the workflow in. */
  check(scope: Construct): void;
  /** Rights beside the action itself: to the key, where there is one. */
  keyRights(): PolicyStatement[];
}
