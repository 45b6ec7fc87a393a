import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { LinkCloud, LinkCredentials } from './link-session';
import { memberOf } from '../../../private/runtime/member-of';
import { SDK_BOUNDS } from '../../../private/runtime/sdk-bounds';

/** Links by the real services. Region, endpoint and own credentials come from the environment, as always in Lambda. */
export function createLinkCloud(): LinkCloud {
  const sts = new STSClient(SDK_BOUNDS);
  // One for all links of a session, of which there can be a hundred. It opens no connection, so there is nothing to end.
  const signers = new WeakMap<LinkCredentials, S3Client>();
  return {
    assumeRole: async (request) => {
      const { Credentials: granted } = await sts.send(new AssumeRoleCommand(request));
      if (granted?.AccessKeyId === undefined || granted.SecretAccessKey === undefined || granted.SessionToken === undefined
        || granted.Expiration === undefined) {
        throw new Error('AssumeRole answered no credentials');
      }
      return {
        credentials: { accessKeyId: granted.AccessKeyId, secretAccessKey: granted.SecretAccessKey, sessionToken: granted.SessionToken },
        expiration: granted.Expiration,
      };
    },
    headObject: (credentials, request) => withS3(credentials, async (s3) => (await s3.send(new HeadObjectCommand(request))).Expiration),
    listObjects: (credentials, request) => withS3(credentials, (s3) => s3.send(new ListObjectsV2Command(request))),
    readRange: (credentials, request) => withS3(credentials, async (s3) => {
      try {
        const { Body } = await s3.send(new GetObjectCommand(request));
        return await Body?.transformToByteArray() ?? new Uint8Array();
      } catch (error) {
        // The range begins at the end of the object.
        if (memberOf(error, 'name') === 'InvalidRange') return new Uint8Array();
        throw error;
      }
    }),
    signGetObject: async (credentials, request, validity) => {
      const signer = signers.get(credentials) ?? clientOf(credentials);
      signers.set(credentials, signer);
      return getSignedUrl(signer, new GetObjectCommand(request), validity);
    },
  };
}

function clientOf(credentials: LinkCredentials): S3Client {
  // A link is for any HTTP client, so it says nothing of checksums, which only an SDK would look at.
  return new S3Client({ ...SDK_BOUNDS, credentials, requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' });
}

/** A client that calls S3 lives for one call: each session makes a few. */
async function withS3<T>(credentials: LinkCredentials, use: (s3: S3Client) => Promise<T>): Promise<T> {
  const s3 = clientOf(credentials);
  try {
    return await use(s3);
  } finally {
    s3.destroy();
  }
}
