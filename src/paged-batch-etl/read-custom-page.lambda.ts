import { Page } from './contract';
import { createSourceInvoker, readFromFunction } from './reader/read-from-function.lambda-shared';
import { readPage, ReadServices } from './reader/read-page.lambda-shared';
import { someItems } from './reader/some-items.lambda-shared';
import { readCustomConfig } from './reader/source-config.lambda-shared';
import { InvocationContext } from './reader/time-left.lambda-shared';
import { writeLine } from './reader/write-line.lambda-shared';
import { once } from '../private/runtime/once.lambda-shared';

const services = once((): ReadServices => {
  const config = readCustomConfig(process.env);
  return { config, read: readFromFunction(createSourceInvoker(config.sourceFunctionArn)), now: Date.now, log: writeLine };
});

/** Entry point of the function between the workflow and a custom source function. */
export async function handler(event: unknown, context: InvocationContext): Promise<Page> {
  return someItems(await readPage(event, context, services()));
}
