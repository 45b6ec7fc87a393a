import { fileTexts } from './result-files';
import { transform } from './result-record';
import { JsonObject } from '../../../../json';
import { MapState, ResultWriter } from '../../definition';
import { StateFailure, TaskFailure } from '../../failure';
import { Visit } from '../../visit';
import { S3Parameters } from '../map-fields';
import { isUnsuccessful, MapChild, MapRun, ResultFile } from '../map-run';
import { ObjectStorage } from '../object-storage';

/** Writes the results of a Map Run to S3, and a manifest of the files. */
export class S3Export {
  private readonly bucket: string;
  private readonly prefix: string;
  private readonly owner?: string;

  constructor(private readonly visit: Visit<MapState>, private readonly writer: ResultWriter, parameters: S3Parameters) {
    this.bucket = parameters.text('Bucket');
    const prefix = parameters.optionalText('Prefix') ?? '';
    this.prefix = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
    this.owner = parameters.optionalText('ExpectedBucketOwner');
  }

  /** Fails before any child starts if the role must not write the results. */
  async assertWritable(mapRun: MapRun): Promise<void> {
    const { identity } = this.visit.run;
    await this.attempt(async (storage) => storage.assertWritable(this.location(`${this.folder(mapRun)}manifest.json`), identity));
  }

  /** What the state has for its result. Files of a redrive are in a folder of their own, and its manifest also names the earlier successes. */
  async write(mapRun: MapRun): Promise<JsonObject> {
    const { children = [], mapRunArn } = mapRun;
    const successes = children.filter((child) => child.status === 'succeeded' && !mapRun.exported.has(child));
    mapRun.succeededFiles.push(...await this.writeFiles(mapRun, 'SUCCEEDED', successes));
    for (const child of successes) mapRun.exported.add(child);
    const resultFiles = {
      FAILED: await this.writeFiles(mapRun, 'FAILED', children.filter(({ status }) => isUnsuccessful(status))),
      PENDING: await this.writeFiles(mapRun, 'PENDING', children.filter(({ status }) => status === 'pending')),
      SUCCEEDED: mapRun.succeededFiles,
    };
    mapRun.written = children;
    const key = `${this.folder(mapRun)}manifest.json`;
    await this.put(key, JSON.stringify({ DestinationBucket: this.bucket, MapRunArn: mapRunArn, ResultFiles: resultFiles }));
    return { MapRunArn: mapRunArn, ResultWriterDetails: { Bucket: this.bucket, Key: key } };
  }

  private async writeFiles(mapRun: MapRun, status: string, children: readonly MapChild[]): Promise<ResultFile[]> {
    const { OutputType: outputType = 'JSON', Transformation: transformation = 'NONE' } = this.writer.WriterConfig ?? {};
    const files: ResultFile[] = [];
    for (const [index, text] of fileTexts(transform(children, mapRun, transformation), outputType).entries()) {
      const key = `${this.folder(mapRun)}${status}_${index}.${outputType.toLowerCase()}`;
      await this.put(key, text);
      files.push({ Key: key, Size: Buffer.byteLength(text) });
    }
    return files;
  }

  private async put(key: string, text: string): Promise<void> {
    await this.attempt(async (storage) => storage.putObject(this.location(key), text, this.visit.run.identity));
  }

  private async attempt(write: (storage: ObjectStorage) => Promise<void>): Promise<void> {
    const { storage, clock } = this.visit.run;
    if (storage === undefined) throw new Error('this local cloud has no S3 for a ResultWriter to write to');
    try {
      await clock.hold(async () => write(storage));
    } catch (error) {
      if (error instanceof TaskFailure) throw new StateFailure('States.ResultWriterFailed', error.failureCause ?? error.error ?? '');
      throw error;
    }
  }

  private location(key: string) {
    return { bucket: this.bucket, key, expectedBucketOwner: this.owner };
  }

  private folder({ mapRunArn, redriveCount }: MapRun): string {
    const id = mapRunArn.slice(mapRunArn.lastIndexOf(':') + 1);
    return `${this.prefix}${id}/${redriveCount === 0 ? '' : `Redrive-${redriveCount}/`}`;
  }
}
