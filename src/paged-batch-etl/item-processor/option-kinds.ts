import { PerBatchProcessorOptions, PerItemProcessorOptions, StateMachineProcessorOptions } from './item-processor-options';
import { duration, lambdaFunction, number, optional, OptionKinds, stateMachine } from '../../private/synth/option-kinds';

export const PER_BATCH_KINDS: OptionKinds<PerBatchProcessorOptions> = {
  handler: lambdaFunction, maxConcurrency: optional(number), retryAttempts: optional(number),
};

export const PER_ITEM_KINDS: OptionKinds<PerItemProcessorOptions> = {
  handler: lambdaFunction, maxConcurrency: optional(number), retryAttempts: optional(number),
};

export const STATE_MACHINE_KINDS: OptionKinds<StateMachineProcessorOptions> = {
  stateMachine, maxConcurrency: optional(number), timeout: optional(duration),
};
