/** Letters in the local S3, written with the code of the function that collects failures, for runs whose other functions are imagined. */
import { LocalStore, PageObjects } from './page-objects';
import { CallContext } from '../../local/aws/service';
import { JsonObject, JsonValue } from '../../local/json';
import { S3Service } from '../../local/s3/s3-service';
import { CollectedPage, DeadLetter } from '../../src/paged-batch-etl/contracts/collect-failures';
import { collectFailures } from '../../src/paged-batch-etl/failure-policy/function/collect-failures';
import type { Letter } from '../../src/paged-batch-etl/source-functions/letters/letter';
import { itemLine } from '../../src/paged-batch-etl/source-functions/page-object/item-texts';
import { answerEvent } from '../../src/paged-batch-etl/source-functions/reader/answer-event';

const BUCKET = 'letters';
const PREFIX = 'dead-letters/';

const reader: CallContext = { caller: { service: 'tests.example.com' } };

function noSource(): never {
  throw new Error('a replay reads no source');
}

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

  /** A page of letters in place of the source, whose items are numbers; or the ranges of such a run. */
  async replay(event: JsonObject, pages?: PageObjects): Promise<JsonValue> {
    const itemOf = ({ itemIdentifier, idempotencyKey }: Letter) => ({ itemIdentifier, idempotencyKey, item: { number: Number(itemIdentifier) } });
    const answer = await answerEvent(event, { getRemainingTimeInMillis: () => 60_000 }, {
      config: {
        rules: {}, pageBytes: 1, maxBatchSize: 100_000, failEmptyRun: true, functionName: 'source', pageBucket: pages?.bucket, letters: { name: BUCKET, prefix: PREFIX },
      },
      read: noSource,
      readTexts: noSource,
      letterItems: {
        values: () => async (letters) => letters.map((letter) => ({ item: { ...itemOf(letter), lineBytes: itemLine(itemOf(letter)).line.length } })),
        texts: () => async (letters) => letters.map(itemOf).map(itemLine).map((line) => ({ item: { ...line, lineBytes: line.line.length } })),
      },
      openBucket: () => pages?.store ?? noSource(),
      openLetters: ({ name }) => new LocalStore(this.s3, name),
      now: () => 0,
      log: () => undefined,
    });
    return JSON.parse(JSON.stringify(answer));
  }

  /** Without those of receipts. */
  async keys(): Promise<string[]> {
    const { objects } = await this.s3.list({ bucket: BUCKET, context: reader });
    return objects.map(({ key }) => key).filter((key) => !key.startsWith(`${PREFIX}receipts/`));
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
