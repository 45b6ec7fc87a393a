import { randomUUID } from 'node:crypto';
import { generateKeyPair, GenerateKeyPairResult, jwtVerify, JWTPayload, SignJWT } from 'jose';
import { AwsEnvironment } from '../aws/service';
import { Clock } from '../clock';

const ALGORITHM = 'RS256';

/** Tokens of the app clients here are good for an hour, which is the default of Cognito. */
const LIFETIME_SECONDS = 3600;

export interface UserPoolClient {
  readonly id: string;
  /** Scopes that the client may ask for: those of resource servers as `server/scope`. */
  readonly scopes: readonly string[];
}

/** For whom a token is: a user of the pool, or the client itself. */
export interface TokenSubject {
  /** `sub` of a user. Default: the client, as with the flow client_credentials. */
  readonly sub?: string;
  readonly clientId: string;
  /** Default: an hour. */
  readonly lifetimeSeconds?: number;
}

/** A user pool that signs tokens with a key of its own. Whoever has the object signs in as anybody: there are no passwords. */
export class UserPool {
  private readonly clients = new Map<string, UserPoolClient>();
  private readonly offered = new Set<string>();
  private keys?: Promise<GenerateKeyPairResult>;

  constructor(readonly id: string, readonly arn: string, private readonly environment: AwsEnvironment, private readonly clock: Clock) {}

  /** A server offers scopes; a client can be given only what is offered, beside the standard ones. */
  addScopes(server: string, names: readonly string[]): void {
    for (const name of names) this.offered.add(`${server}/${name}`);
  }

  removeScopes(server: string): void {
    for (const scope of [...this.offered].filter((name) => name.startsWith(`${server}/`))) this.offered.delete(scope);
  }

  removeClient(id: string): void {
    this.clients.delete(id);
  }

  addClient(client: UserPoolClient): void {
    const unknown = client.scopes.find((scope) => scope.includes('/') && !this.offered.has(scope));
    if (unknown !== undefined) throw new Error(`Invalid scope requested: ${unknown}`);
    this.clients.set(client.id, client);
  }

  async idToken({ sub = randomUUID(), ...subject }: TokenSubject): Promise<string> {
    return this.sign({ token_use: 'id', aud: this.client(subject.clientId).id, auth_time: this.seconds() }, { sub, ...subject });
  }

  /** Fails for a scope that the client does not have, as Cognito does. */
  async accessToken(subject: TokenSubject, scopes: readonly string[]): Promise<string> {
    const client = this.client(subject.clientId);
    const refused = scopes.find((scope) => !client.scopes.includes(scope));
    if (refused !== undefined) throw new Error(`invalid_scope: ${refused}`);
    return this.sign({ token_use: 'access', client_id: client.id, scope: scopes.join(' '), version: 2 }, subject);
  }

  /** The claims of a token that this pool has signed and that is still good; undefined for any other. */
  async verify(token: string): Promise<JWTPayload | undefined> {
    try {
      const options = { issuer: this.issuer, algorithms: [ALGORITHM], currentDate: new Date(this.clock.now()) };
      const { payload } = await jwtVerify(token, (await this.keyPair()).publicKey, options);
      return payload;
    } catch {
      return undefined;
    }
  }

  private async sign(claims: JWTPayload, { sub, clientId, lifetimeSeconds = LIFETIME_SECONDS }: TokenSubject): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, kid: this.id })
      .setIssuer(this.issuer)
      .setSubject(sub ?? clientId)
      .setJti(randomUUID())
      .setIssuedAt(this.seconds())
      .setExpirationTime(this.seconds() + lifetimeSeconds)
      .sign((await this.keyPair()).privateKey);
  }

  private get issuer(): string {
    return `https://cognito-idp.${this.environment.region}.${this.environment.urlSuffix}/${this.id}`;
  }

  private seconds(): number {
    return Math.floor(this.clock.now() / 1000);
  }

  private client(id: string): UserPoolClient {
    const client = this.clients.get(id);
    if (client === undefined) throw new Error(`User pool client ${id} does not exist.`);
    return client;
  }

  /** Made when it is first needed: most pools sign nothing. */
  private async keyPair(): Promise<GenerateKeyPairResult> {
    return this.keys ??= generateKeyPair(ALGORITHM);
  }
}

/** The user pools of an account in a Region. */
export class UserPools {
  private readonly pools = new Map<string, UserPool>();

  constructor(private readonly environment: AwsEnvironment, private readonly clock: Clock) {}

  create(id: string): UserPool {
    const { partition, region, accountId } = this.environment;
    const pool = new UserPool(id, `arn:${partition}:cognito-idp:${region}:${accountId}:userpool/${id}`, this.environment, this.clock);
    this.pools.set(id, pool);
    return pool;
  }

  pool(id: string): UserPool {
    const pool = this.pools.get(id);
    if (pool === undefined) throw new Error(`User pool ${id} does not exist.`);
    return pool;
  }

  remove(id: string): void {
    this.pools.delete(id);
  }

  byArn(arn: string): UserPool | undefined {
    return [...this.pools.values()].find((pool) => pool.arn === arn);
  }
}
