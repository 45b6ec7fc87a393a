import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { BSON, Collection, Db } from 'mongodb';
import { FlightDocument, Flights, StateMetrics, ThresholdDocument, Window } from './flights';
import { LocalCloud } from '../../../local/cloud';
import { MongoServer } from '../../../local/mongodb/mongo-server';
import { startMongo } from '../../../local/mongodb/start-mongo';

/** A name that exists only on the local cloud's internet, at an address that is nobody's. */
export const MONGO_HOST = 'mongo.example.com';
const MONGO_ADDRESS = '192.0.2.27';
const MONGO_PORT = 27017;

/** An airport that there is not. */
const NOWHERE = 'ZZZ';

/** A flight that cannot be processed. */
export interface BrokenFlight {
  /** Identifier of its document. */
  readonly job: string;
  /** Where it leaves. */
  readonly origin: string;
  /** Where it leaves now. */
  readonly nowhere: string;
  readonly repair: () => Promise<void>;
}

/** A metric as Calc Metrics writes it, with the idempotency key as its `_id`. */
export interface MetricDocument {
  readonly _id: string;
  readonly run: string;
  /** Identifier of the document that it was calculated of. */
  readonly job: string;
  readonly state: string;
  readonly late: boolean;
  readonly minutesLate: number;
  readonly interstate: boolean;
}

/** The database of the published use case, on a real server: `jobs` are read, `thresholds` looked up, `metrics` written. */
export class Analytics {
  /**
   * On the server of MONGODB_URI as it is, or else on one of its own, with TLS and a password.
   *
   * @throws MongoUnavailable where there is no server.
   */
  static async start(cloud: LocalCloud): Promise<Analytics> {
    const uri = process.env.MONGODB_URI ?? '';
    return uri === '' ? Analytics.onOwnServer(cloud) : Analytics.onServerOf(uri, cloud);
  }

  private static async onOwnServer(cloud: LocalCloud): Promise<Analytics> {
    const server = await startMongo({ tls: cloud.certificates, administrator: { name: 'admin', password: randomUUID() } });
    cloud.connectHost(MONGO_HOST, { addresses: [MONGO_ADDRESS], port: MONGO_PORT, connectTo: server.connectTo });
    const database = server.newDatabase('Analytics');
    const [username, password] = ['etl', randomUUID()];
    await server.client().db('admin').command({
      createUser: username, pwd: password, roles: [{ role: 'readWrite', db: database.databaseName }],
    });
    return new Analytics(server, database, true, JSON.stringify({ host: MONGO_HOST, port: MONGO_PORT, username, password }));
  }

  private static async onServerOf(uri: string, cloud: LocalCloud): Promise<Analytics> {
    const server = await startMongo();
    const { hosts, tls } = server.client().options;
    for (const { host = '', port = MONGO_PORT } of hosts) {
      const { address } = await lookup(host);
      cloud.connectHost(host, { addresses: [address], port, fromAnywhere: true, connectTo: { host: address, port } });
    }
    return new Analytics(server, server.newDatabase('Analytics'), tls === true, JSON.stringify({ uri }));
  }

  /** Name of the database, which nobody else uses. */
  readonly name: string;
  private readonly jobs: Collection<FlightDocument>;
  private readonly thresholds: Collection<ThresholdDocument>;
  private readonly metrics: Collection<MetricDocument>;

  private constructor(
    private readonly server: MongoServer,
    database: Db,
    /** Whether connections are encrypted. */
    readonly tls: boolean,
    /** What the connection secret is to hold. */
    readonly connectionSecret: string,
  ) {
    this.name = database.databaseName;
    this.jobs = database.collection('jobs');
    this.thresholds = database.collection('thresholds');
    this.metrics = database.collection('metrics');
  }

  /** Where its administrator reaches the server. */
  get uri(): string {
    return this.server.uri;
  }

  /** Version of the server. */
  get version(): string {
    return this.server.version;
  }

  /** Puts the flights of the window into `jobs`, and every threshold; answers the number of flights. */
  async load(flights: Flights, window: Window): Promise<number> {
    await this.jobs.createIndex({ runDate: 1, _id: 1 });
    // Only for us who look at single runs.
    await this.metrics.createIndex({ run: 1 });
    await this.thresholds.insertMany(await flights.thresholds());
    let count = 0;
    for await (const documents of flights.documents(window)) {
      const { insertedCount } = await this.jobs.insertMany(documents, { ordered: false });
      count += insertedCount;
    }
    return count;
  }

  /** Takes the threshold of an airport away; the answer puts it back. */
  async withoutThreshold(airport: string): Promise<() => Promise<void>> {
    const threshold = await this.thresholds.findOneAndDelete({ _id: airport });
    if (threshold === null) throw new Error(`${airport} has no threshold`);
    return async () => {
      await this.thresholds.insertOne(threshold);
    };
  }

  /** Lets one flight from the middle of the window leave an airport that nobody knows. */
  async breakOne({ begin, end }: Window): Promise<BrokenFlight> {
    const filter = { runDate: { $gte: begin, $lt: end } };
    const middle = Math.floor(await this.jobs.countDocuments(filter) / 2);
    const flight = await this.jobs.findOne(filter, { sort: { runDate: 1, _id: 1 }, skip: middle });
    if (flight === null) throw new Error('There is no flight to break');
    const { _id, origin } = flight;
    const leave = async (airport: string) => {
      await this.jobs.updateOne({ _id }, { $set: { origin: airport } });
    };
    await leave(NOWHERE);
    return { job: identifierOf(_id), origin, nowhere: NOWHERE, repair: async () => leave(origin) };
  }

  /** How many documents of the window are in a range of time. */
  async countJobs({ begin, end }: Window, { from = begin, before = end }: { readonly from?: Date; readonly before?: Date }): Promise<number> {
    return this.jobs.countDocuments({ $and: [{ runDate: { $gte: begin, $lt: end } }, { runDate: { $gte: from, $lt: before } }] });
  }

  /** A copy of the first flight of the window, at another time and with remarks of that many bytes; answers the identifier of the one copied. */
  async addLargeCopy({ begin, end }: Window, runDate: Date, bytes: number): Promise<string> {
    const flight = await this.jobs.findOne({ runDate: { $gte: begin, $lt: end } }, { sort: { runDate: 1, _id: 1 } });
    if (flight === null) throw new Error('There is no flight to copy');
    const { _id, ...rest } = flight;
    await this.jobs.insertOne({ ...rest, runDate, remarks: 'r'.repeat(bytes) });
    return identifierOf(_id);
  }

  /** How many metrics a run has written, or all runs so far. */
  async countMetrics(run?: string): Promise<number> {
    return this.metrics.countDocuments(run === undefined ? {} : { run });
  }

  /** What a run has written, in the order of the documents. */
  async metricsWrittenBy(run: string): Promise<MetricDocument[]> {
    return this.metrics.find({ run }).sort({ job: 1, _id: 1 }).toArray();
  }

  /** What these runs have written about a document. */
  async metricsOfJob(job: string, runs: readonly string[]): Promise<MetricDocument[]> {
    return this.metrics.find({ run: { $in: runs }, job }).toArray();
  }

  /** What these runs have written, added up. */
  async metricsOf(...runs: readonly string[]): Promise<StateMetrics[]> {
    const one = (condition: object) => ({ $sum: { $cond: [condition, 1, 0] } });
    return this.metrics.aggregate<StateMetrics>([
      { $match: { run: { $in: runs } } },
      {
        $group: {
          _id: '$state',
          flights: { $sum: 1 },
          late: one({ $eq: ['$late', true] }),
          minutesLate: { $sum: '$minutesLate' },
          longest: { $max: '$minutesLate' },
          interstate: one({ $and: ['$late', '$interstate'] }),
        },
      },
      { $project: { _id: 0, state: '$_id', flights: 1, late: 1, minutesLate: 1, longest: 1, interstate: 1 } },
      { $sort: { state: 1 } },
    ]).toArray();
  }

  async close(): Promise<void> {
    await this.server.close();
  }
}

function identifierOf(_id: unknown): string {
  return BSON.EJSON.stringify(_id, { relaxed: false });
}
