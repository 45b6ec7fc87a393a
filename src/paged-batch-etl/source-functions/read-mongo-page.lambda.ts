import { createMongoClient } from './connection/mongo-client';
import { MongoConnection } from './connection/mongo-connection';
import { parseSourceSecrets, sourceSecretsReader } from './connection/source-secrets';
import { LETTERS } from './page-object/s3-error';
import { bucketOpener } from './page-object/s3-page-store';
import { answerEvent } from './reader/answer-event';
import { readFromMongo } from './reader/read-from-mongo';
import { ReadServices } from './reader/read-page';
import { readMongoConfig } from './reader/source-config';
import { InvocationContext } from './time-left';
import { once } from '../../private/runtime/once';
import { createSecretReader } from '../../private/runtime/secret-reader';
import { writeLine } from '../../private/runtime/write-line';

const services = once((): ReadServices => {
  const config = readMongoConfig(process.env);
  const { source, functionName, connectionSecretArn, certificateAuthoritySecretArn } = config;
  const readAuthority = certificateAuthoritySecretArn === undefined ? undefined : createSecretReader(certificateAuthoritySecretArn);
  const readSecrets = sourceSecretsReader(createSecretReader(connectionSecretArn), readAuthority);
  const connection = new MongoConnection(readSecrets, (secrets, time) => (
    createMongoClient(parseSourceSecrets(secrets, source), source, functionName, time.forCall())
  ));
  const reader = readFromMongo(source, connection);
  return { config, ...reader, openBucket: bucketOpener(), openLetters: bucketOpener(LETTERS), now: Date.now, log: writeLine };
});

/** Entry point of the function that reads pages from MongoDB or Amazon DocumentDB. */
export async function handler(event: unknown, context: InvocationContext): ReturnType<typeof answerEvent> {
  return answerEvent(event, context, services());
}
