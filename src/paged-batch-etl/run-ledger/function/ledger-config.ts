import { LedgerError } from './ledger-error';
import { Environment, readEnvironment, wholeNumberText } from '../../../private/runtime/environment';
import { jsonOf, text } from '../../../private/shape/json-shape';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { ParameterRules, parameterRules } from '../../contracts/run-input';
import { LedgerEnvironment } from '../../contracts/run-ledger';

/** What the construct tells the function. */
export interface LedgerConfig {
  readonly tableName: string;
  readonly prefix: string;
  readonly parameters: ParameterRules;
  readonly waitSeconds: number;
  readonly takeOverSeconds: number;
  readonly retentionSeconds: number;
  /** Its own name. */
  readonly functionName: string;
}

const seconds = wholeNumberText({ least: 0, most: 2 ** 31 });

export function readLedgerConfig(environment: Environment): LedgerConfig {
  return readEnvironment(environment, (variable) => ({
    tableName: variable(LedgerEnvironment.TABLE, text),
    prefix: variable(LedgerEnvironment.PREFIX, text),
    parameters: variable(LedgerEnvironment.PARAMETERS, jsonOf(parameterRules)),
    waitSeconds: variable(LedgerEnvironment.WAIT_SECONDS, seconds),
    takeOverSeconds: variable(LedgerEnvironment.TAKE_OVER_SECONDS, seconds),
    retentionSeconds: variable(LedgerEnvironment.RETENTION_SECONDS, seconds),
    functionName: variable('AWS_LAMBDA_FUNCTION_NAME', text),
  }), (message) => new LedgerError(PagedBatchEtlErrorName.LEDGER_REFUSED, message));
}
