import { JsonObject, JsonValue } from '../../json';

/** How a state was left. */
export interface Transition {
  readonly output: JsonValue;
  /** Variables to assign. */
  readonly assigned?: JsonObject;
  /** The next state; undefined at the end. */
  readonly next?: string;
}
