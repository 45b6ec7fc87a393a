import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** True only for calls that Athena makes with the caller's rights, so that the role itself cannot make them. */
export const CALLED_VIA_ATHENA = { 'ForAnyValue:StringEquals': { 'aws:CalledVia': ['athena.amazonaws.com'] } };

/** ARN of the Glue Data Catalog (`catalog`), or of something in it. */
export function glueArn(scope: Construct, resource: 'catalog'): string;
export function glueArn(scope: Construct, resource: 'database' | 'table', resourceName: string): string;
export function glueArn(scope: Construct, resource: string, resourceName?: string): string {
  const arnFormat = resourceName === undefined ? ArnFormat.NO_RESOURCE_NAME : ArnFormat.SLASH_RESOURCE_NAME;
  return Stack.of(scope).formatArn({ service: 'glue', resource, resourceName, arnFormat });
}
