import { createDynamoDbTable } from './dynamodb-table';
import { createDescribeExecution } from './executions';
import { keepLedger } from './keep-ledger';
import { readLedgerConfig } from './ledger-config';
import { LedgerServices } from './ledger-services';
import { once } from '../../../private/runtime/once';
import { writeLine } from '../../../private/runtime/write-line';

const services = once((): LedgerServices => {
  const config = readLedgerConfig(process.env);
  return { config, table: createDynamoDbTable(config.tableName), describe: createDescribeExecution(), now: Date.now, log: writeLine };
});

/** Entry point of the function that keeps the ledger of runs. */
export async function handler(event: unknown): ReturnType<typeof keepLedger> {
  return keepLedger(event, services());
}
