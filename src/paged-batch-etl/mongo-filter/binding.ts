import { JsonObject } from './structure/json-value';

/** Which documents are read. */
export interface MongoFilterBinding {
  /** EJSON text, without white space between its tokens. */
  readonly text: string;
  readonly parsed: JsonObject;
}
