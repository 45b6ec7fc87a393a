import { LETTERS } from './page-object/s3-error';
import { bucketOpener } from './page-object/s3-page-store';
import { answerEvent } from './reader/answer-event';
import { createSourceInvoker, readFromFunction } from './reader/read-from-function';
import { ReadServices } from './reader/read-page';
import { readCustomConfig } from './reader/source-config';
import { InvocationContext, TimeLeft } from './time-left';
import { once } from '../../private/runtime/once';
import { writeLine } from '../../private/runtime/write-line';

const services = once((): ReadServices => {
  const config = readCustomConfig(process.env);
  const { pageBucket } = config;
  const openBucket = bucketOpener();
  const large = pageBucket && { bucket: pageBucket.name, open: (time: TimeLeft) => openBucket(pageBucket, time) };
  const reader = readFromFunction(createSourceInvoker(config.sourceFunctionArn), large);
  return { config, ...reader, openBucket, openLetters: bucketOpener(LETTERS), now: Date.now, log: writeLine };
});

/** Entry point of the function between the workflow and a custom source function. */
export async function handler(event: unknown, context: InvocationContext): ReturnType<typeof answerEvent> {
  return answerEvent(event, context, services());
}
