import { RemovalPolicy, Token } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LEDGER_INPUT_KEYS, REPLAY_KEY, RESERVED_INPUT_KEYS } from './contracts/run-input';
import { EmptyRun } from './empty-run';
import { FailurePolicy } from './failure-policy/failure-policy';
import { TOLERATE_KINDS } from './failure-policy/option-kinds';
import { IdempotencyScope } from './idempotency-scope';
import { ItemProcessor } from './item-processor/item-processor';
import { PER_BATCH_KINDS, PER_ITEM_KINDS, STATE_MACHINE_KINDS } from './item-processor/option-kinds';
import { CUSTOM_KINDS, DOCUMENT_DB_KINDS, MONGO_KINDS } from './page-source/option-kinds';
import { PageSource } from './page-source/page-source';
import { S3_TRANSPORT_KINDS } from './page-transport/option-kinds';
import { PageTransport } from './page-transport/page-transport';
import { PagedBatchEtlProps } from './paged-batch-etl-props';
import { EQUAL_PARTITIONS_KINDS, PARTITIONS_AT_KINDS } from './partitions/option-kinds';
import { Partitions } from './partitions/partitions';
import { MAX_BATCH_SIZE } from './run-continuation/history-budget';
import { SELF_RESTART_KINDS, SUPERVISED_KINDS } from './run-continuation/option-kinds';
import { RunContinuation } from './run-continuation/run-continuation';
import { TABLE_LEDGER_KINDS } from './run-ledger/option-kinds';
import { RunLedger } from './run-ledger/run-ledger';
import { RunParameterBindings } from './run-parameter/binding';
import { RunParameter } from './run-parameter/run-parameter';
import { checkRuntime } from '../private/synth/node-runtime';
import { checkOptions, choice, flag, key, logGroup, map, member, number, optional, OptionKinds, runtime } from '../private/synth/option-kinds';
import { checkInteger, checkRemovalPolicy, InvalidPropError, refuseToken } from '../private/synth/validation';

const KINDS: OptionKinds<PagedBatchEtlProps> = {
  source: choice(PageSource, { mongo: MONGO_KINDS, documentDb: DOCUMENT_DB_KINDS, custom: CUSTOM_KINDS }),
  processor: choice(ItemProcessor, { perItem: PER_ITEM_KINDS, perBatch: PER_BATCH_KINDS, stateMachine: STATE_MACHINE_KINDS }),
  transport: optional(choice(PageTransport, { s3: S3_TRANSPORT_KINDS })),
  partitions: optional(choice(Partitions, { ofTime: EQUAL_PARTITIONS_KINDS, ofObjectIds: EQUAL_PARTITIONS_KINDS, at: PARTITIONS_AT_KINDS })),
  ledger: optional(choice(RunLedger, { table: TABLE_LEDGER_KINDS })),
  parameters: optional(map(choice(RunParameter))),
  batchSize: optional(number),
  emptyRun: optional(member('EmptyRun', EmptyRun)),
  failurePolicy: optional(choice(FailurePolicy, { tolerate: TOLERATE_KINDS })),
  idempotencyScope: optional(member('IdempotencyScope', IdempotencyScope)),
  continuation: optional(choice(RunContinuation, { supervised: SUPERVISED_KINDS, selfRestart: SELF_RESTART_KINDS })),
  sourceRuntime: optional(runtime),
  workflowLogGroup: optional(logGroup),
  sourceLogGroup: optional(logGroup),
  logRetention: optional(member('RetentionDays', RetentionDays)),
  encryptionKey: optional(key),
  tracing: optional(flag),
  removalPolicy: optional(member('RemovalPolicy', RemovalPolicy)),
};

/** Refuses what cannot work. What depends on the source or the processor is checked where that is known. */
export function checkProps(props: PagedBatchEtlProps): void {
  checkOptions('', props, KINDS);
  for (const name of Object.keys(props.parameters ?? {})) checkParameterName(name);
  if (props.idempotencyScope === IdempotencyScope.WINDOW && Object.keys(props.parameters ?? {}).length === 0) {
    throw new InvalidPropError(
      'idempotencyScope', 'IdempotencyScope.WINDOW', 'RUN or ITEM where no parameters are declared', 'all runs are of the same window, so say ITEM if that is meant',
    );
  }
  if (props.batchSize !== undefined) {
    refuseToken('batchSize', Token.isUnresolved(props.batchSize), 'the pages of an execution are computed from it');
    checkInteger('batchSize', props.batchSize, { min: 1, max: MAX_BATCH_SIZE }, 'more items fit neither into a page nor, with PageTransport.s3, into a call; leave it out for the default');
  }
  if (props.sourceRuntime !== undefined) checkRuntime('sourceRuntime', props.sourceRuntime);
  checkRemovalPolicy(props.removalPolicy);
}

/** Refuses parameters whose names mean something else where there is a ledger. */
export function checkLedgerParameters(parameters: RunParameterBindings): void {
  for (const name of LEDGER_INPUT_KEYS) {
    if (!Object.hasOwn(parameters, name)) continue;
    throw new InvalidPropError('every name in parameters', name, `another one than ${LEDGER_INPUT_KEYS.join(', ')} where there is a ledger`, 'it means something else in the input of a run');
  }
}

/** Refuses a batch size that would be of no effect. */
export function checkBatchSizeTaken(batchSize: number | undefined, isTaken: boolean): void {
  if (batchSize === undefined || isTaken) return;
  throw new InvalidPropError(
    'batchSize', batchSize, 'left out where ItemProcessor.perItem gets pages through PageTransport.s3',
    'each call has one item, and maxPageBytes of the transport says how large a page is',
  );
}

/** Refuses a parameter whose name a run of this policy needs itself. */
export function checkReplayKeyFree({ parameters = {} }: Pick<PagedBatchEtlProps, 'parameters'>, tolerates: boolean): void {
  if (!tolerates || !Object.hasOwn(parameters, REPLAY_KEY)) return;
  throw new InvalidPropError(
    'every name in parameters', REPLAY_KEY, `another one than ${REPLAY_KEY} where failurePolicy is FailurePolicy.tolerate`,
    'by that key, a run reads the letters of another run',
  );
}

function checkParameterName(name: string): void {
  refuseToken('every name in parameters', Token.isUnresolved(name), 'write the names out: the workflow is made from them');
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)) {
    throw new InvalidPropError(
      'every name in parameters', name, '1 to 64 letters, digits and underscores, and not start with a digit', 'such as date_begin',
    );
  }
  if (name === '__proto__') throw new InvalidPropError('every name in parameters', name, `another one than ${name}`, 'JavaScript loses a member of that name');
  if (RESERVED_INPUT_KEYS.some((reserved) => reserved === name)) {
    throw new InvalidPropError('every name in parameters', name, `another one than ${RESERVED_INPUT_KEYS.join(', ')}`, 'these mean something else in the input of a run');
  }
}
