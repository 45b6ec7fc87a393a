import { LogGroupAccessLogsOptions } from './access-logs-options';
import { logGroup, optional, OptionKinds } from '../../private/synth/option-kinds';

export const LOG_GROUP_KINDS: OptionKinds<LogGroupAccessLogsOptions> = { logGroup: optional(logGroup) };
