import { isObject, JsonObject, JsonValue, memberOf } from '../../../json';
import { MapState } from '../definition';
import { RuntimeProblem } from '../failure';
import { iterationInput } from '../states/map-items';
import { Visit } from '../visit';
import { MapItem, plainInput } from './map-item';

/** What the fields of a distributed Map say, with their expressions evaluated. */
export class MapFields {
  constructor(private readonly visit: Visit<MapState>) {}

  /** The dataset, where no ItemReader reads it. */
  async items(): Promise<readonly JsonValue[]> {
    return this.visit.language.items(this.visit.state);
  }

  /** What an ItemReader or a ResultWriter passes to S3. */
  async parameters(field: 'ItemReader' | 'ResultWriter'): Promise<S3Parameters> {
    const { language, state } = this.visit;
    const template = state[field]?.Arguments ?? state[field]?.Parameters ?? {};
    const place = `${field}/Arguments`;
    const filled = await language.fill(template, place);
    if (!isObject(filled)) throw language.unexpected(template, place, 'object', filled);
    const wrong = Object.entries(filled).find(([, value]) => typeof value !== 'string');
    if (wrong === undefined) return new S3Parameters(field, filled);
    const [name, value] = wrong;
    throw language.unexpected(memberOf(template, name) ?? template, `${place}/${name}`, 'string', value);
  }

  /** What every batch holds beside its items. */
  async batchInput(): Promise<JsonValue | undefined> {
    const template = this.visit.state.ItemBatcher?.BatchInput;
    return template === undefined ? undefined : this.visit.language.fill(template, 'ItemBatcher/BatchInput');
  }

  /** An item after ItemSelector. */
  async selected(item: MapItem, index: number): Promise<JsonValue> {
    const { state } = this.visit;
    if ((state.ItemSelector ?? state.Parameters) === undefined) return plainInput(item);
    const { key, value, source } = item;
    return iterationInput(this.visit, { Index: index, ...key !== undefined && { Key: key }, Value: value, Source: source });
  }
}

/** Parameters for S3, all of them texts. */
export class S3Parameters {
  constructor(private readonly field: string, private readonly values: JsonObject) {}

  text(name: string): string {
    return this.optionalText(name) ?? this.refuse(name);
  }

  optionalText(name: string): string | undefined {
    const value = this.values[name];
    return value === undefined || typeof value === 'string' ? value : this.refuse(name);
  }

  private refuse(name: string): never {
    throw new RuntimeProblem(`The ${this.field} parameter ${name} must be a string`);
  }
}
