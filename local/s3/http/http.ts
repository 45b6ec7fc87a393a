import { BucketRoutes } from './bucket-routes';
import { assertKnownHeaders, separateParameters } from './headers';
import { ObjectRoutes } from './object-routes';
import { UploadRoutes } from './upload-routes';
import { Clock } from '../../clock';
import { HttpAnswer, HttpService, VerifiedRequest } from '../../http/http-service';
import { S3Errors } from '../errors';
import { BucketRequest, Conditions } from '../requests';
import { S3Service } from '../s3-service';

/** The REST interface of S3, path-style: `/bucket/key`. */
export class S3HttpService implements HttpService {
  readonly name = 's3';
  private readonly buckets: BucketRoutes;
  private readonly objects: ObjectRoutes;
  private readonly uploads: UploadRoutes;

  constructor(s3: S3Service, private readonly clock: Clock) {
    this.buckets = new BucketRoutes(s3);
    this.objects = new ObjectRoutes(s3);
    this.uploads = new UploadRoutes(s3.uploads);
  }

  async handleHttp(verified: VerifiedRequest): Promise<HttpAnswer> {
    const { headers, query } = separateParameters(verified);
    assertKnownHeaders(headers);
    const request = { ...verified, headers };
    const [, bucket, rawKey] = /^\/([^/]*)(?:\/(.*))?$/s.exec(request.path) ?? [];
    if (!bucket) throw S3Errors.notImplemented('ListBuckets, or virtual-hosted addressing');
    const target: BucketRequest = {
      bucket: decodeURIComponent(bucket),
      context: request.context,
      expectedOwner: request.headers['x-amz-expected-bucket-owner'],
      conditions: this.conditions(request),
    };
    if (!rawKey) return this.buckets.handle(request, target, query);
    const object = { ...target, key: decodeURIComponent(rawKey) };
    return query.has('uploads') || query.has('uploadId') ? this.uploads.handle(request, object, query) : this.objects.handle(request, object, query);
  }

  /** A presigned request is the only one that says how old its signature is. */
  private conditions({ presigned, context }: VerifiedRequest): Conditions {
    if (presigned !== undefined) {
      return { 's3:authType': 'REST-QUERY-STRING', 's3:signatureAge': String(this.clock.now() - presigned.signedAt) };
    }
    return context.caller.arn === undefined ? {} : { 's3:authType': 'REST-HEADER' };
  }
}
