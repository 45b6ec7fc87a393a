import { AccessLogsBinding } from './binding';

export function noAccessLogs(): AccessLogsBinding {
  return { stageOptions: () => ({}) };
}
