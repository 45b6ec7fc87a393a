import { invalid, optionalObject } from './input';
import { JsonObject } from '../json';

const MOST_MINUTES = 10_080;

/** Whether a query may take the result of a former one, and how old that may be. */
export interface ResultReuse {
  readonly enabled: boolean;
  readonly maxAgeMinutes?: number;
}

/** `ResultReuseConfiguration` of a request; undefined where it says nothing. Limits are those of the API reference. */
export function readResultReuse(configuration: JsonObject): ResultReuse | undefined {
  const byAge = optionalObject(configuration, 'ResultReuseByAgeConfiguration');
  if (byAge === undefined) return undefined;
  const { Enabled: enabled, MaxAgeInMinutes: maxAgeMinutes } = byAge;
  const place = 'resultReuseConfiguration.resultReuseByAgeConfiguration';
  const refused = (member: string, value: unknown, constraint: string) => (
    invalid(`1 validation error detected: Value ${value === undefined ? 'null' : `'${String(value)}'`} at '${place}.${member}' failed to satisfy constraint: Member must ${constraint}`)
  );
  if (typeof enabled !== 'boolean') throw refused('enabled', enabled, enabled === undefined ? 'not be null' : 'be a boolean');
  if (maxAgeMinutes === undefined) return { enabled };
  if (typeof maxAgeMinutes !== 'number' || !Number.isInteger(maxAgeMinutes)) throw refused('maxAgeInMinutes', maxAgeMinutes, 'be an integer');
  if (maxAgeMinutes < 0) throw refused('maxAgeInMinutes', maxAgeMinutes, 'have value greater than or equal to 0');
  if (maxAgeMinutes > MOST_MINUTES) throw refused('maxAgeInMinutes', maxAgeMinutes, `have value less than or equal to ${MOST_MINUTES}`);
  return { enabled, maxAgeMinutes };
}

export function describeResultReuse({ enabled, maxAgeMinutes }: ResultReuse = { enabled: false }): JsonObject {
  return { ResultReuseByAgeConfiguration: { Enabled: enabled, ...maxAgeMinutes !== undefined && { MaxAgeInMinutes: maxAgeMinutes } } };
}
