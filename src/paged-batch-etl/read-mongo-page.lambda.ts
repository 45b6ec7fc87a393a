import { createMongoClient } from './connection/mongo-client.lambda-shared';
import { MongoConnection } from './connection/mongo-connection.lambda-shared';
import { parseSourceSecrets, sourceSecretsReader } from './connection/source-secrets.lambda-shared';
import { Page } from './contract';
import { readFromMongo } from './reader/read-from-mongo.lambda-shared';
import { readPage, ReadServices } from './reader/read-page.lambda-shared';
import { someItems } from './reader/some-items.lambda-shared';
import { readMongoConfig } from './reader/source-config.lambda-shared';
import { InvocationContext } from './reader/time-left.lambda-shared';
import { writeLine } from './reader/write-line.lambda-shared';
import { once } from '../private/runtime/once.lambda-shared';
import { createSecretReader } from '../private/runtime/secret-reader.lambda-shared';

const services = once((): ReadServices => {
  const config = readMongoConfig(process.env);
  const { source, functionName, connectionSecretArn, certificateAuthoritySecretArn } = config;
  const readAuthority = certificateAuthoritySecretArn === undefined ? undefined : createSecretReader(certificateAuthoritySecretArn);
  const readSecrets = sourceSecretsReader(createSecretReader(connectionSecretArn), readAuthority);
  const connection = new MongoConnection(readSecrets, (secrets, time) => (
    createMongoClient(parseSourceSecrets(secrets, source), source, functionName, time.forCall())
  ));
  return { config, read: readFromMongo(source, connection), now: Date.now, log: writeLine };
});

/** Entry point of the function that reads pages from MongoDB or Amazon DocumentDB. */
export async function handler(event: unknown, context: InvocationContext): Promise<Page> {
  return someItems(await readPage(event, context, services()));
}
