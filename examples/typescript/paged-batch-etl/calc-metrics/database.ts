import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Db, MongoClient } from 'mongodb';
import { once } from './once';

/** Where the server is and who we are, as Amazon RDS writes secrets, or both in a connection string. */
type ConnectionSecret =
  | { readonly uri: string }
  | { readonly host: string; readonly port: number; readonly username: string; readonly password: string };

const secrets = new SecretsManagerClient();

/** The database that the workflow reads, too. */
export const analytics = once(async (): Promise<Db> => {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: process.env.CONNECTION_SECRET_ARN }));
  const client = await connect(JSON.parse(SecretString ?? ''));
  return client.db(process.env.DATABASE);
});

async function connect(secret: ConnectionSecret): Promise<MongoClient> {
  if ('uri' in secret) return MongoClient.connect(secret.uri, { maxPoolSize: 1 });
  const { host, port, username, password } = secret;
  return MongoClient.connect(`mongodb://${host}:${port}/`, { auth: { username, password }, tls: true, maxPoolSize: 1 });
}
