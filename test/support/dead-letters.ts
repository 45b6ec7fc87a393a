/** Letters in the local S3, written with the code of the function that collects failures, for runs whose other functions are imagined. */
import { LocalStore } from './page-objects';
import { CallContext } from '../../local/aws/service';
import { JsonValue } from '../../local/json';
import { S3Service } from '../../local/s3/s3-service';
import { CollectedPage, DeadLetter } from '../../src/paged-batch-etl/contracts/collect-failures';
import { collectFailures } from '../../src/paged-batch-etl/failure-policy/function/collect-failures';

const BUCKET = 'letters';
const PREFIX = 'dead-letters/';

const reader: CallContext = { caller: { service: 'tests.example.com' } };

export class DeadLetters {
  /** Events that the function was called with. */
  readonly collected: unknown[] = [];
  /** Lines of its log. */
  readonly log: string[] = [];

  constructor(private readonly s3: S3Service, private readonly withDocuments: boolean) {
    s3.store.createBucket({
      name: BUCKET,
      arn: `arn:aws:s3:::${BUCKET}`,
      ownerAccount: '111122223333',
      region: 'us-east-1',
      encryption: { algorithm: 'AES256' },
      lifecycle: [],
      publicAccess: { blockPublicPolicy: true, restrictPublicBuckets: true },
    });
  }

  async collect(event: JsonValue): Promise<CollectedPage> {
    this.collected.push(event);
    return collectFailures(event, { getRemainingTimeInMillis: () => 60_000 }, {
      config: { bucket: BUCKET, prefix: PREFIX, withDocuments: this.withDocuments, functionName: 'collector' },
      openLetters: ({ name }) => new LocalStore(this.s3, name),
      openPages: ({ name }) => new LocalStore(this.s3, name),
      now: () => 0,
      log: (line) => this.log.push(line),
    });
  }

  async keys(): Promise<string[]> {
    return (await this.s3.list({ bucket: BUCKET, context: reader })).objects.map(({ key }) => key);
  }

  /** All letters, in the order of the pages and of the items in them. */
  async letters(): Promise<DeadLetter[]> {
    const letters: DeadLetter[] = [];
    for (const key of await this.keys()) {
      const lines = (await this.s3.read({ bucket: BUCKET, key, context: reader })).toString().trimEnd().split('\n');
      letters.push(...lines.map((line): DeadLetter => JSON.parse(line)));
    }
    return letters.sort((one, other) => one.page - other.page);
  }
}
