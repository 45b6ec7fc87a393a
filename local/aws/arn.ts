/** The parts of an ARN; those that it does not have are empty. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
}

export function parseArn(arn: string): Arn {
  const [, partition = '', service = '', region = '', account = ''] = arn.split(':');
  return { partition, service, region, account };
}
