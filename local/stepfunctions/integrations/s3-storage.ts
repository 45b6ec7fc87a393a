import { sdkFailure } from './error-names';
import { AssumeRole, roleContext } from './integration';
import { CallContext, ServiceError } from '../../aws/service';
import { S3Service } from '../../s3/s3-service';
import { ListedObject, ObjectStorage } from '../interpreter/distributed/object-storage';
import { ExecutionIdentity } from '../interpreter/task';

/** What a role needs to write results. Source: developer guide, "IAM policies for ResultWriter". */
const WRITE_ACTIONS = ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'];

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
      withRole(execution, async (context) => void await s3.put({ bucket, key, body: Buffer.from(body), expectedOwner, context })),
    assertWritable: async ({ expectedBucketOwner: expectedOwner, bucket, key }, execution) =>
      withRole(execution, async (context) => s3.assertAllowed(WRITE_ACTIONS, { bucket, key, expectedOwner, context })),
  };
}
