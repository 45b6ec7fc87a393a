import { sdkFailure } from './error-names';
import { AssumeRole, roleContext } from './integration';
import { CallContext, ServiceError } from '../../aws/service';
import { ChosenPart, ObjectRequest } from '../../s3/requests';
import { S3Service } from '../../s3/s3-service';
import { ListedObject, ObjectStorage } from '../interpreter/distributed/object-storage';
import { ExecutionIdentity } from '../interpreter/task';

/** What a role needs to write results, beside `s3:PutObject`. Source: developer guide, "IAM policies for using Distributed Map states". */
const MORE_TO_WRITE = ['s3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'];

/** Bytes of a part: as small as S3 allows, since it is not known how many requests AWS makes. */
const PART_BYTES = 5 * 1024 * 1024;

/** S3 as distributed Maps use it, with the rights of the state machine's role. */
export function s3Storage(s3: S3Service, assumeRole: AssumeRole): ObjectStorage {
  const withRole = async <T>({ roleArn, executionName }: ExecutionIdentity, work: (context: CallContext) => Promise<T>): Promise<T> => {
    try {
      return await work(await roleContext(assumeRole, roleArn, executionName));
    } catch (error) {
      throw error instanceof ServiceError ? sdkFailure(error, 'S3') : error;
    }
  };
  return {
    getObject: async ({ expectedBucketOwner: expectedOwner, ...location }, execution) =>
      withRole(execution, async (context) => s3.read({ ...location, expectedOwner, context })),
    listObjects: async ({ expectedBucketOwner: expectedOwner, ...listing }, execution) => withRole(execution, async (context) => {
      const found: ListedObject[] = [];
      for (let continuationToken: string | undefined; ;) {
        const page = await s3.list({ ...listing, expectedOwner, continuationToken, context });
        found.push(...page.objects);
        if (page.nextToken === undefined) return found;
        continuationToken = page.nextToken;
      }
    }),
    putObject: async ({ expectedBucketOwner: expectedOwner, bucket, key }, body, execution) =>
      withRole(execution, async (context) => upload(s3, { bucket, key, expectedOwner, context }, Buffer.from(body))),
    assertWritable: async ({ expectedBucketOwner: expectedOwner, bucket, key }, execution) =>
      withRole(execution, async (context) => s3.assertUploadAllowed(MORE_TO_WRITE, { bucket, key, expectedOwner, context })),
  };
}

/** Results go to S3 as multipart uploads, which under a KMS key need more than one right to it. */
async function upload({ uploads }: S3Service, target: ObjectRequest, body: Buffer): Promise<void> {
  const { id: uploadId } = await uploads.create(target);
  const parts: ChosenPart[] = [];
  for (let number = 1; number === 1 || (number - 1) * PART_BYTES < body.length; number++) {
    const slice = body.subarray((number - 1) * PART_BYTES, number * PART_BYTES);
    const { part } = await uploads.uploadPart({ ...target, uploadId, partNumber: number, body: slice });
    parts.push({ number, etag: part.etag });
  }
  await uploads.complete({ ...target, uploadId, parts });
}
