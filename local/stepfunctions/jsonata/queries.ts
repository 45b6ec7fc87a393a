import { JsonataExpressions } from './evaluation';
import { Templates } from './template';

/** What is compiled of the expressions of one state machine, for all its executions. */
export class JsonataQueries {
  readonly expressions = new JsonataExpressions();
  readonly templates = new Templates();
}
