/** Fields that the local cloud implements; any other is refused by name. */
const common = ['Type', 'Comment', 'QueryLanguage'];
const dataFlow = [...common, 'InputPath', 'OutputPath'];
const passing = [...dataFlow, 'Next', 'End', 'Assign'];
const working = [...passing, 'Parameters', 'ResultSelector', 'ResultPath', 'Retry', 'Catch'];

/** Fields of a Map that only its distributed mode has. */
export const distributedFields: readonly string[] = [
  'ItemReader', 'ItemBatcher', 'Label', 'ToleratedFailureCount', 'ToleratedFailureCountPath', 'ToleratedFailurePercentage', 'ToleratedFailurePercentagePath',
];

export const stateFields: Readonly<Record<string, readonly string[]>> = {
  Pass: [...passing, 'Parameters', 'Result', 'ResultPath'],
  Task: [...working, 'Resource', 'TimeoutSeconds', 'TimeoutSecondsPath', 'HeartbeatSeconds', 'HeartbeatSecondsPath'],
  Choice: [...dataFlow, 'Assign', 'Choices', 'Default'],
  Wait: [...passing, 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  Succeed: dataFlow,
  Fail: [...common, 'Error', 'ErrorPath', 'Cause', 'CausePath'],
  Parallel: [...working, 'Branches'],
  Map: [
    ...working, 'ItemProcessor', 'Iterator', 'ItemsPath', 'ItemSelector', 'MaxConcurrency', 'MaxConcurrencyPath', ...distributedFields,
  ],
};

export const machineFields: readonly string[] = ['Comment', 'Version', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds'];

export const processorFields: readonly string[] = ['Comment', 'ProcessorConfig', 'QueryLanguage', 'StartAt', 'States'];

/** Fields whose value is a payload template. */
export const templateFields: readonly string[] = ['Parameters', 'ResultSelector', 'ItemSelector', 'Assign'];

/** Fields whose value is a path; those of a Fail state may also be intrinsic functions. */
export const pathFields: readonly string[] = [
  'InputPath', 'OutputPath', 'ItemsPath', 'SecondsPath', 'TimestampPath', 'TimeoutSecondsPath', 'HeartbeatSecondsPath', 'MaxConcurrencyPath',
  'ToleratedFailureCountPath', 'ToleratedFailurePercentagePath',
];
export const pathOrIntrinsicFields: readonly string[] = ['ErrorPath', 'CausePath'];

/** Paths that must point to one place. Source: Amazon States Language specification, "Reference Paths" and the fields that ask for one. */
export const referencePathFields: readonly string[] = [
  'ItemsPath', 'SecondsPath', 'TimestampPath', 'TimeoutSecondsPath', 'HeartbeatSecondsPath', 'MaxConcurrencyPath',
  'ToleratedFailureCountPath', 'ToleratedFailurePercentagePath',
];
