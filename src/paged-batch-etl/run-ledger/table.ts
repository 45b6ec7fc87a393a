import { Duration } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ITable, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { RunLedgerBinding, RunLedgerBindOptions } from './binding';
import { checkGivenTable } from './given-table';
import { createLedgerFunction, LEDGER_TIMEOUT } from './ledger-function';
import { TableLedgerOptions, WhenLocked } from './run-ledger-options';
import { checkSeconds, InvalidPropError, refuseToken, theDefaultIs } from '../../private/synth/validation';
import { LedgerAttribute, mostWindowWaits } from '../contracts/run-ledger';

const DEFAULT_WAIT = Duration.hours(1);
export const DEFAULT_RETENTION = Duration.days(90);

/** Whoever redrives a run at once loses nothing, and Step Functions shows by then what it may not show at first. */
export const SHORTEST_TAKE_OVER = Duration.minutes(5);

/** A failed run can be redriven for 14 days. Source: Step Functions developer guide, "Restarting state machine executions with redrive". */
const SHORTEST_RETENTION = Duration.days(15);

const FACTORY = 'RunLedger.table';

export function table(options: TableLedgerOptions): RunLedgerBinding {
  const { whenLocked = WhenLocked.FAIL, retention = DEFAULT_RETENTION } = options;
  const waitSeconds = checkedWait(options);
  checkTakeOver(options);
  refuseToken(`retention of ${FACTORY}`, retention.isUnresolved(), 'the function is told it');
  checkSeconds(`retention of ${FACTORY}`, retention, { min: SHORTEST_RETENTION, max: Duration.days(3650) }, theDefaultIs(DEFAULT_RETENTION));
  return {
    bind: (bound) => {
      const { scope } = bound;
      if (options.table !== undefined) checkGivenTable(scope, options.table);
      const ledgerTable = options.table ?? createTable(bound);
      const takeOverAfter = options.takeOverAfter ?? longer(bound.outlivesRun, SHORTEST_TAKE_OVER);
      const { lambdaFunction, logGroup, prefix, mayDescribe } = createLedgerFunction({
        ...bound, table: ledgerTable, waitSeconds, takeOverAfter, retention,
      });
      return {
        table: ledgerTable,
        prefix,
        takeOverAfter,
        ledgerFunction: lambdaFunction,
        logGroup,
        timeout: LEDGER_TIMEOUT,
        skips: whenLocked === WhenLocked.SKIP,
        mostWaits: mostWindowWaits(waitSeconds),
        mayDescribe,
      };
    },
  };
}

/** How long a run waits for one that is underway. */
function checkedWait({ whenLocked, waitAtMost }: TableLedgerOptions): number {
  const option = `waitAtMost of ${FACTORY}`;
  if (whenLocked !== WhenLocked.WAIT) {
    if (waitAtMost !== undefined) throw new InvalidPropError(option, waitAtMost.toHumanString(), 'left out unless whenLocked is WhenLocked.WAIT', 'no run waits otherwise');
    return 0;
  }
  const wait = waitAtMost ?? DEFAULT_WAIT;
  refuseToken(option, wait.isUnresolved(), 'the waits of a run are computed from it');
  checkSeconds(option, wait, { min: Duration.minutes(1), max: Duration.hours(24) }, theDefaultIs(DEFAULT_WAIT));
  return wait.toSeconds();
}

function checkTakeOver({ takeOverAfter }: TableLedgerOptions): void {
  if (takeOverAfter === undefined) return;
  const option = `takeOverAfter of ${FACTORY}`;
  refuseToken(option, takeOverAfter.isUnresolved(), 'the functions are told it');
  checkSeconds(option, takeOverAfter, { min: SHORTEST_TAKE_OVER, max: Duration.hours(24) }, 'leave it out to let calls of the processor end first');
}

function longer(one: Duration, other: Duration): Duration {
  return one.toMilliseconds() > other.toMilliseconds() ? one : other;
}

function createTable({ scope, encryptionKey, removalPolicy }: RunLedgerBindOptions): ITable {
  return new Table(scope, 'Ledger', {
    partitionKey: { name: LedgerAttribute.PARTITION, type: AttributeType.STRING },
    sortKey: { name: LedgerAttribute.SORT, type: AttributeType.STRING },
    timeToLiveAttribute: LedgerAttribute.EXPIRES,
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    encryption: encryptionKey ? TableEncryption.CUSTOMER_MANAGED : TableEncryption.DEFAULT,
    encryptionKey,
    removalPolicy,
  });
}
