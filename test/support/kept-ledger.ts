/** A ledger without machines around it. */
import { localLedgerTable } from './local-ledger-table';
import { keepLedger } from '../../src/paged-batch-etl/run-ledger/function/keep-ledger';
import { LedgerConfig } from '../../src/paged-batch-etl/run-ledger/function/ledger-config';
import { LedgerServices } from '../../src/paged-batch-etl/run-ledger/function/ledger-services';
import { ItemChange, LedgerTable } from '../../src/paged-batch-etl/run-ledger/function/ledger-table';
import { createDynamoDb, ORDERS, TableName } from '../local/dynamodb/dynamodb-cloud';

/** Not the default, which tests of the whole run have. */
export const TAKE_OVER_SECONDS = 400;

export const PREFIX = 'Stack-Metrics';

/** Executions of which Step Functions knows nothing. */
export const GONE: LedgerServices['describe'] = async () => ({ running: false, endedAt: 0 });

/**
 * A ledger in the local DynamoDB; what the executions do, the test says.
 *
 * @param fails whether the function dies in place of making a change
 */
export async function createLedger(
  describe: LedgerServices['describe'] = async () => ({ running: true }), given: Partial<LedgerConfig> = {}, fails: (change: ItemChange) => boolean = () => false,
) {
  const dynamoDb = createDynamoDb();
  await dynamoDb.create({ ...ORDERS, AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })) });
  const local = localLedgerTable(dynamoDb.service, TableName, dynamoDb.account.adminContext);
  let time = Date.parse('2026-11-25T00:00:00Z');
  const config: LedgerConfig = {
    tableName: TableName, prefix: PREFIX, parameters: { day: { type: 'date' } }, waitSeconds: 0, takeOverSeconds: TAKE_OVER_SECONDS, retentionSeconds: 86_400, functionName: 'keeper', ...given,
  };
  const lines: Record<string, unknown>[] = [];
  const table: LedgerTable = {
    ...local,
    change: async (change) => {
      if (fails(change)) throw new Error('died before its write');
      return local.change(change);
    },
  };
  const services = { config, table, describe, now: () => time, log: (line: string) => void lines.push(JSON.parse(line)) };
  return {
    table,
    now: () => time,
    lines,
    keep: async (event: unknown) => keepLedger(event, services),
    later: (seconds: number) => {
      time += seconds * 1_000;
    },
    close: dynamoDb.closeService,
  };
}

export type KeptLedger = Awaited<ReturnType<typeof createLedger>>;
