import { AslObject } from '../../private/synth/asl';

/**
 * Queries have no order among them, so each is a group of its own: none waits for another. A message that was sent and is sent again, because the answer was
 * lost, is dropped by its id for five minutes. Source: SQS developer guide, "Exactly-once processing", and SNS developer guide, "Message deduplication".
 */
export function ofOneQuery(fifo: boolean): AslObject {
  return fifo ? { 'MessageGroupId.$': '$$.Execution.Name', 'MessageDeduplicationId.$': '$$.Execution.Name' } : {};
}
