import type { MongoClient } from 'mongodb';
import { asSourceError, breaksConnection, isAboutSecrets } from './driver-error';
import { areSame, ReadSourceSecrets, SourceSecrets } from './source-secrets';
import { TimeLeft } from '../time-left';

/** Makes a client from the texts of the secrets. */
export type Connect = (secrets: SourceSecrets, time: TimeLeft) => MongoClient;

interface Session {
  readonly client: MongoClient;
  readonly secrets: SourceSecrets;
}

/**
 * The client of a sandbox: made at its first use, kept for the next invocations, and replaced when it is broken or when a secret has been
 * rotated.
 */
export class MongoConnection {
  private session?: Promise<Session>;

  constructor(private readonly readSecrets: ReadSourceSecrets, private readonly connect: Connect) {}

  /**
   * Does something with the client, within the time of the invocation.
   *
   * @throws SourceError and nothing else
   */
  async use<T>(work: (client: MongoClient) => Promise<T>, time: TimeLeft): Promise<T> {
    try {
      return await time.limit(this.attempt(work, time), () => this.discard());
    } catch (error) {
      if (breaksConnection(error)) this.discard();
      throw asSourceError(error);
    }
  }

  /** Closes the client, if there is one. */
  async close(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    await session?.then(({ client }) => client.close());
  }

  private async attempt<T>(work: (client: MongoClient) => Promise<T>, time: TimeLeft): Promise<T> {
    const opening = this.open(time);
    const { client, secrets } = await opening;
    try {
      return await work(client);
    } catch (error) {
      // Only for a client that is still ours: one that was given up in the meantime is nobody's.
      if (!isAboutSecrets(error) || this.session !== opening) throw error;
      this.discard();
      const renewed = this.open(time);
      if (areSame((await renewed).secrets, secrets)) throw error;
      return work((await renewed).client);
    }
  }

  private open(time: TimeLeft): Promise<Session> {
    if (this.session !== undefined) return this.session;
    const opening = this.makeSession(time);
    this.session = opening;
    // A failure is not kept.
    opening.catch(() => {
      if (this.session === opening) this.session = undefined;
    });
    return opening;
  }

  private async makeSession(time: TimeLeft): Promise<Session> {
    const secrets = await this.readSecrets();
    return { client: this.connect(secrets, time), secrets };
  }

  /** Nobody waits for the end of a client that is broken: it may hang. */
  private discard(): void {
    this.close().catch(() => undefined);
  }
}
