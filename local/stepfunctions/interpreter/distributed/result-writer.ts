import { JsonValue } from '../../../json';
import { MapState } from '../definition';
import { Visit } from '../visit';
import { MapFields } from './map-fields';
import { MapRun } from './map-run';
import { transform } from './writers/result-record';
import { S3Export } from './writers/s3-export';

/** What becomes of the results of a Map Run. */
export interface ResultTarget {
  /** Fails if nothing can be written there. */
  prepare(mapRun: MapRun): Promise<void>;
  /** Answers the result of the state. */
  write(mapRun: MapRun): Promise<JsonValue>;
}

/** Where the results go: to S3, or into the output of the state. */
export async function resultTarget(visit: Visit<MapState>, fields: MapFields): Promise<ResultTarget> {
  const { ResultWriter: writer } = visit.state;
  if (writer?.Resource === undefined) return new StateOutput(visit);
  const target = new S3Export(visit, writer, await fields.parameters('ResultWriter'));
  return { prepare: async (mapRun) => target.assertWritable(mapRun), write: async (mapRun) => target.write(mapRun) };
}

/** The results as a list. JSON Lines are a form of files: in the output of the state, also these are a list. */
class StateOutput implements ResultTarget {
  constructor(private readonly visit: Visit<MapState>) {}

  async prepare(): Promise<void> {}

  async write(mapRun: MapRun): Promise<JsonValue> {
    const { children = [] } = mapRun;
    mapRun.written = children;
    return transform(children, mapRun, this.visit.state.ResultWriter?.WriterConfig?.Transformation ?? 'COMPACT');
  }
}
