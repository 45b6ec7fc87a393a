/** What the input of a run may hold. */
import { exactly, oneOf, optional, recordOf, Shape, text } from '../../private/shape/json-shape';

/** Keys of a run's input that are ours, so that no parameter may have their names. */
export const RESERVED_INPUT_KEYS = ['batch_size', 'progress', 'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID'] as const;

/** The key by which a run reads the letters of another run in place of its source. It is ours only where failures are tolerated: no other run has letters. */
export const REPLAY_KEY = 'replay';

/** By which a schedule tells the ledger what its run processes. The reader passes over it. */
export const WATERMARK_KEY = 'watermark';

/** The same where there is a ledger. */
export const LEDGER_INPUT_KEYS = ['resume', WATERMARK_KEY] as const;

/** Most bytes of the declared parameters, as JSON in UTF-8. */
export const MAX_PARAMETER_BYTES = 16 * 1024;

/** How a parameter of the run is read. */
const parameterRule = exactly({
  type: oneOf('date', 'text', 'integer', 'objectId'),
  /** IANA time zone in which a date without an offset is read. Default: UTC. Dates only. */
  timeZone: optional(text),
});

export type ParameterRule = Shape<typeof parameterRule>;

/** The declared parameters, by name. */
export const parameterRules = recordOf(parameterRule);

export type ParameterRules = Readonly<Record<string, ParameterRule>>;

/**
 * How a date is written: the day alone, or the day and the time with or without an offset. Captures the day and the offset. Fractions beyond
 * milliseconds only as zeros: no BSON date could hold them.
 */
export const DATE_TEXT = /^(\d{4}-\d\d-\d\d)(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3}0{0,6})?)?(Z|[+-]\d\d:\d\d)?)?$/;
