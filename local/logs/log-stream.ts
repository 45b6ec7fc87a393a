import { LogStore } from './log-store';
import { Authorize, AwsEnvironment, CallContext } from '../aws/service';

export interface LogStreamOptions {
  readonly environment: AwsEnvironment;
  readonly authorize: Authorize;
  readonly store: LogStore;
}

/**
 * Opens a stream for somebody who writes to it with rights of their own, and makes its group where there is none. Throws when the caller may
 * not do any of that; the right to write is asked for here, once, not with every line.
 */
export async function openLogStream(
  { environment, authorize, store }: LogStreamOptions, groupName: string, streamName: string, context: CallContext,
): Promise<void> {
  const { partition, region, accountId } = environment;
  const groupArn = `arn:${partition}:logs:${region}:${accountId}:log-group:${groupName}`;
  if (!store.hasGroup(groupName)) {
    await authorize({ action: 'logs:CreateLogGroup', resource: groupArn }, context);
    // Another stream may have made it in the meantime.
    if (!store.hasGroup(groupName)) store.createGroup({ name: groupName, arn: `${groupArn}:*` });
  }
  const streamArn = `${groupArn}:log-stream:${streamName}`;
  await authorize({ action: 'logs:CreateLogStream', resource: streamArn }, context);
  await authorize({ action: 'logs:PutLogEvents', resource: streamArn }, context);
}
