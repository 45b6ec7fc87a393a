import { Page } from '../contracts/read-page';
import { createSourceInvoker, readFromFunction } from './reader/read-from-function';
import { readPage, ReadServices } from './reader/read-page';
import { someItems } from './reader/some-items';
import { readCustomConfig } from './reader/source-config';
import { InvocationContext } from './time-left';
import { once } from '../../private/runtime/once';
import { writeLine } from '../../private/runtime/write-line';

const services = once((): ReadServices => {
  const config = readCustomConfig(process.env);
  return { config, read: readFromFunction(createSourceInvoker(config.sourceFunctionArn)), now: Date.now, log: writeLine };
});

/** Entry point of the function between the workflow and a custom source function. */
export async function handler(event: unknown, context: InvocationContext): Promise<Page> {
  return someItems(await readPage(event, context, services()));
}
