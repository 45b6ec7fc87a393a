import { JsonPathLanguage } from './jsonpath-language';
import { Language, VisitedState } from './language';
import { Clock } from '../../../clock';
import { Chance } from '../../intrinsics/functions';
import { dialect } from '../../jsonata/dialect';
import { JsonataLanguage, JsonataMeans } from '../../jsonata/jsonata-language';
import { JsonataQueries } from '../../jsonata/queries';
import { QueryLanguage } from '../definition';
import { Expressions } from '../expressions';

/** The query languages of one execution. */
export class Languages {
  private readonly expressions: Expressions;
  private jsonata?: JsonataMeans;

  constructor(
    /** That of the state machine. States inside a Map or Parallel fall back to it as well, not to that of the Map. */
    private readonly machine: QueryLanguage,
    /** What the executions of one state machine share. */
    private readonly queries: JsonataQueries,
    private readonly chance: Chance,
    private readonly clock: Clock,
  ) {
    this.expressions = new Expressions(chance);
  }

  of(visit: VisitedState): Language {
    const language = visit.state.QueryLanguage ?? this.machine;
    return language === 'JSONata' ? new JsonataLanguage(visit, this.means()) : new JsonPathLanguage(visit, this.expressions);
  }

  /** Made when the first state asks for it: most executions have no JSONata. */
  private means(): JsonataMeans {
    const now = () => this.clock.now();
    this.jsonata ??= { queries: this.queries, functions: dialect(this.chance, now), now };
    return this.jsonata;
  }
}
