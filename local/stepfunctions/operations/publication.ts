import { ServiceError } from '../../aws/service';
import { Request } from '../api/request';

/** Longest description of a version. Source: API reference of PublishStateMachineVersion. */
export const MAX_VERSION_DESCRIPTION = 256;

/** The version that a change of a state machine makes of it. */
export interface Publication {
  readonly description?: string;
}

/** Reads `publish` and `versionDescription` of a request; undefined if it does not publish. */
export function readPublication(request: Request): Publication | undefined {
  const publish = request.boolean('publish') ?? false;
  const description = request.optionalString('versionDescription', MAX_VERSION_DESCRIPTION);
  if (!publish && description !== undefined) throw new ServiceError('ValidationException', 'Version description can only be set when publish is true');
  return publish ? { description } : undefined;
}
