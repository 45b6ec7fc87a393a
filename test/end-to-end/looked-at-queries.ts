/** An API whose queries several callers look at, and the ways to bring a query into a state and look at it there. */
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { CALLBACK_URL, DeployedApi, Run } from './deployed-api';
import { ServiceError } from '../../local/aws/service';
import { ApiAnswer, ApiClient } from '../../local/client/api-client';
import { JsonObject } from '../../local/json';
import { HistoryEvent } from '../../local/stepfunctions/interpreter/history';

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

/** A query, and the file of its result. */
export const SELECT = "SELECT 'Yq7Lw2' AS mark";
export const CSV = '"mark"\n"Yq7Lw2"\n';

export const entered = (name: string) => ({ type, details }: HistoryEvent) => type.endsWith('StateEntered') && details.state === name;
export const failed = ({ type }: HistoryEvent) => type === 'TaskFailed';
export const isLoop = entered('Wait');

/** Status and code of an answer. */
export const said = ({ status, body }: ApiAnswer) => [status, String(body.Code ?? '')];

export type Look = (queryId: string) => Promise<void>;

/** Hooks of a test suite: deploys, and before each test signs everybody in. */
export function useQueries(use: (queries: LookedAtQueries) => void): void {
  let queries: LookedAtQueries;
  beforeAll(async () => {
    queries = await LookedAtQueries.start();
    use(queries);
  });
  beforeEach(async () => queries.begin());
  afterEach(() => queries.calm());
  afterAll(async () => queries.api.close());
}

export class LookedAtQueries {
  static async start(): Promise<LookedAtQueries> {
    return new LookedAtQueries(await DeployedApi.start({
      queries: (stack) => ({ queryReaders: [new Role(stack, 'Operators', { assumedBy: new AccountPrincipal(stack.account) })] }),
      customise: ({ queries, node }) => {
        const operators = node.findChild('Operators');
        if (operators instanceof Role) queries.grantInvoke(operators);
      },
    }));
  }

  /** Another caller, who may submit queries of its own. */
  readonly stranger: ApiClient;
  private sessions?: { readonly owner: ApiClient; readonly sameRole: ApiClient; readonly reader: ApiClient };

  private constructor(readonly api: DeployedApi) {
    this.stranger = api.client;
  }

  /** Who submits. */
  get owner(): ApiClient {
    return this.signedIn.owner;
  }

  /** Another session of the same role. */
  get sameRole(): ApiClient {
    return this.signedIn.sameRole;
  }

  /** One of `queryReaders`. */
  get reader(): ApiClient {
    return this.signedIn.reader;
  }

  /** Sessions end after an hour, and hours pass in these tests. */
  async signIn(): Promise<void> {
    const sessionOf = async (role: string, name: string) => this.api.client.as(await this.api.deployment.assumeRole(role, name));
    this.sessions = {
      owner: await sessionOf('Analysts', 'one'), sameRole: await sessionOf('Analysts', 'two'), reader: await sessionOf('Operators', 'on-call'),
    };
  }

  /** Before each test: everybody is signed in, and the receiver accepts. */
  async begin(): Promise<void> {
    this.api.receiver.answer([{ status: 204 }]);
    await this.signIn();
  }

  /** After each test: nothing is delayed or hidden any more, and the local cloud had no fault. */
  calm(): void {
    jest.restoreAllMocks();
    this.api.cloud.athena.delayQueries({});
    this.api.cloud.stepFunctions.hideNewExecutions(0);
    this.api.assertNoFaults();
  }

  async submit(query = SELECT, more: JsonObject = {}): Promise<string> {
    const { status, body } = await this.owner.postJson({ Query: query, CallbackUrl: CALLBACK_URL, ClientReference: 'order 17', ...more });
    expect(status).toBe(202);
    return String(body.QueryId);
  }

  /** Lets time pass as it does outside, so that a state lasts. */
  async live<T>(work: () => Promise<T>): Promise<T> {
    return this.api.cloud.clock.pace(1, work);
  }

  /** Submits a query, looks at it when that happens, and follows it to the end. */
  async lookWhen(fits: (event: HistoryEvent) => boolean, look: Look, query?: string): Promise<Run> {
    const queryId = await this.live(async () => {
      const there = this.api.next(fits);
      const id = await this.submit(query);
      await there;
      await look(id);
      return id;
    });
    return this.api.ended(queryId);
  }

  /** Calls of an operation fail with this error from now on; answers how to end that. */
  failCalls(service: 'athena' | 'stepFunctions', operation: string, error: ServiceError, times = Infinity): () => void {
    const target = this.api.cloud[service];
    const call = target.call.bind(target);
    let failures = 0;
    const spy = jest.spyOn(target, 'call').mockImplementation(async (name, input, context) => {
      if (name === operation && ++failures <= times) throw error;
      return call(name, input, context);
    });
    return () => spy.mockRestore();
  }

  private get signedIn(): NonNullable<typeof this.sessions> {
    if (this.sessions === undefined) throw new Error('Nobody is signed in');
    return this.sessions;
  }
}
