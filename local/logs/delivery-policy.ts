import { AwsEnvironment } from '../aws/service';

/** Most characters of a resource policy of CloudWatch Logs. Source: CloudWatch Logs quotas. */
const MAX_POLICY_LENGTH = 5_120;

/** Groups under it are all let in by one line. Source: Step Functions developer guide, "Logging using CloudWatch Logs". */
const VENDED = '/aws/vendedlogs/';

/**
 * The resource policy by which CloudWatch Logs lets services of AWS deliver their logs: one for the account, with a line for every group that has another
 * name than `/aws/vendedlogs/…`. Its form is that of `AWSLogDeliveryWrite20150319`, which AWS makes.
 */
export class DeliveryPolicy {
  private readonly resources: string[] = [];

  constructor(private readonly environment: AwsEnvironment) {}

  /** The policy as JSON text; undefined as long as nothing is delivered. */
  get document(): string | undefined {
    return this.resources.length === 0 ? undefined : this.documentOf(this.resources);
  }

  /** Lets services deliver logs to the group with this ARN. Answers whether there was room for it. */
  admit(groupArn: string): boolean {
    const name = /:log-group:([^:]+)/.exec(groupArn)?.[1] ?? '';
    const resource = this.resourceOf(name.startsWith(VENDED) ? `${VENDED}*` : name);
    if (this.resources.includes(resource)) return true;
    if (this.documentOf([...this.resources, resource]).length > MAX_POLICY_LENGTH) return false;
    this.resources.push(resource);
    return true;
  }

  private resourceOf(name: string): string {
    const { partition, region, accountId } = this.environment;
    return `arn:${partition}:logs:${region}:${accountId}:log-group:${name}:log-stream:*`;
  }

  private documentOf(resources: readonly string[]): string {
    const { partition, region, accountId } = this.environment;
    return JSON.stringify({
      Version: '2012-10-17',
      Statement: [{
        Sid: 'AWSLogDeliveryWrite',
        Effect: 'Allow',
        Principal: { Service: 'delivery.logs.amazonaws.com' },
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: resources,
        Condition: {
          StringEquals: { 'aws:SourceAccount': accountId },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:logs:${region}:${accountId}:*` },
        },
      }],
    });
  }
}
