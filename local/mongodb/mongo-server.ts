import { Db, MongoClient, MongoClientOptions } from 'mongodb';
import { Certificates } from '../http/certificates';

/** What a server must be like. */
export interface MongoServerOptions {
  /** A replica set of this one server, which snapshot reads, transactions and change streams need. Default: false. */
  readonly replicaSet?: boolean;
  /** Only TLS connections, with this certificate. Default: only unencrypted ones. */
  readonly tls?: Certificates;
  /** Only users with a password, this one being administrator of all. Default: nobody is asked. */
  readonly administrator?: MongoUser;
  /**
   * Name and port, such as `mongo.example.com:27017`, under which clients of the local network know the server; a replica set tells them
   * this one in place of its own address. Needs `replicaSet` and `tls`, because the server knows them by the name in their TLS handshake.
   */
  readonly publicAddress?: string;
  /** A server of one's own, which may be stopped and made to fail. Default: false, as for a server that is only used. */
  readonly own?: boolean;
}

export interface MongoUser {
  readonly name: string;
  readonly password: string;
}

/** How commands are to fail. */
export interface CommandFailure {
  /** Names of the commands, such as `find`. */
  readonly commands: readonly string[];
  /** How often; default: until `clearFailPoints`. */
  readonly times?: number;
  /** Code of the error to answer with. */
  readonly errorCode?: number;
  /** Cuts the connection in place of an answer; default: false. */
  readonly closeConnection?: boolean;
  /** Waits as long before the command; default: 0. */
  readonly delayMilliseconds?: number;
  /** Only for clients of this `appName`; default: all. */
  readonly appName?: string;
}

/** A real MongoDB server. */
export interface MongoServer {
  /** Such as `6.0.5`. */
  readonly version: string;
  /** Address for a client, with the name and password of the administrator. */
  readonly uri: string;
  readonly host: string;
  readonly port: number;
  /** Where a `LocalHost` is to connect to. */
  readonly connectTo: { readonly host: string; readonly port: number };
  /** The same server under another name, such as one of the local network, for other users, or in another database. */
  uriFor(address: string, user?: MongoUser, authenticationDatabase?: string): string;
  /** A client that may do anything, and trusts the certificate of the server. It is closed with the server. */
  client(options?: MongoClientOptions): MongoClient;
  /** A database that nobody else uses: its name begins with the label. */
  newDatabase(label: string): Db;
  /** Stops the server in the orderly way and starts it again, with the same port and data. */
  restart(): Promise<void>;
  /** Kills the process (SIGKILL). */
  kill(): Promise<void>;
  /** Starts the killed process again, with the same port and data. */
  start(): Promise<void>;
  /** Makes commands fail; it replaces the failure set before. */
  failCommand(failure: CommandFailure): Promise<void>;
  /** Ends all failures. */
  clearFailPoints(): Promise<void>;
  /** Closes the clients and ends what was begun: the process and its data, or the new databases of an external server. */
  close(): Promise<void>;
}
