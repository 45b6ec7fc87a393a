import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { createDataAccount, DataAccount } from './data-cloud';
import { JsonObject } from '../../../local/json';
import { S3HttpService } from '../../../local/s3/http/http';
import { s3Resources } from '../../../local/s3/resources';
import { openFrontDoor } from '../http/small-cloud';
import { createResource } from '../iam/create-resource';

export const Bucket = 'results';
export const BUCKET_ARN = 'arn:aws:s3:::results';
export const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000';

/** Encryption of a bucket by that key. */
export const UNDER_KEY = { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY_ARN } }] };

/** S3 with a bucket behind HTTPS, and the real SDK to reach it. */
export async function openS3(properties: JsonObject = {}) {
  const account = createDataAccount();
  const opened = await openFrontDoor(account, { httpServices: [new S3HttpService(account.s3, account.clock)], unsigned: 's3' });
  await createResource(s3Resources(account.store), 'AWS::S3::Bucket', { BucketName: Bucket, ...properties });
  const clients: S3Client[] = [];
  return {
    account,
    opened,
    /** For the time that the clock shows now. */
    clientFor: (credentials: DataAccount['adminCredentials']) => {
      const systemClockOffset = account.clock.now() - Date.now();
      // With "Expect: 100-continue" the SDK takes an agent of its own, which does not know our authority.
      const client = new S3Client({ ...opened.client, systemClockOffset, credentials, forcePathStyle: true, expectContinueHeader: false });
      clients.push(client);
      return client;
    },
    close: async () => {
      clients.forEach((each) => each.destroy());
      await opened.door.close();
      account.store.close();
    },
  };
}

export type TestS3 = Awaited<ReturnType<typeof openS3>>;

/** The error that S3 answers. */
export async function failure(work: Promise<unknown>): Promise<S3ServiceException> {
  const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof S3ServiceException)) throw new Error(`expected an S3 error, got ${String(error)}`);
  return error;
}
