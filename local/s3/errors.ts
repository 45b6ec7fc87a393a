import { ServiceError } from '../aws/service';

/** The errors of S3 that this service answers, by the code in the API reference. */
export const S3Errors = {
  accessDenied: (message = 'Access Denied') => new ServiceError('AccessDenied', message, 403),
  noSuchBucket: (bucket: string) => new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: bucket }),
  noSuchKey: (key: string) => new ServiceError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key }),
  noSuchVersion: (key: string, versionId: string) =>
    new ServiceError('NoSuchVersion', 'The specified version does not exist.', 404, { Key: key, VersionId: versionId }),
  noSuchUpload: (uploadId: string) =>
    new ServiceError('NoSuchUpload', 'The specified multipart upload does not exist. It may have been aborted or completed.', 404, { UploadId: uploadId }),
  invalidArgument: (message: string) => new ServiceError('InvalidArgument', message, 400),
  invalidPart: () => new ServiceError('InvalidPart', 'One or more of the specified parts could not be found, or its ETag did not match.', 400),
  invalidPartOrder: () => new ServiceError('InvalidPartOrder', 'The list of parts was not in ascending order.', 400),
  entityTooSmall: () => new ServiceError('EntityTooSmall', 'Every part but the last must hold at least 5 MiB.', 400),
  malformedXml: () => new ServiceError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema', 400),
  preconditionFailed: (condition: string) =>
    new ServiceError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, { Condition: condition }),
  conditionalRequestConflict: (condition: string, key: string) => new ServiceError(
    'ConditionalRequestConflict', 'The conditional request cannot succeed due to a conflicting operation against this resource.', 409,
    { Condition: condition, Key: key },
  ),
  invalidRequest: (message: string) => new ServiceError('InvalidRequest', message, 400),
  badDigest: (algorithm: string) => new ServiceError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`, 400),
  invalidRange: () => new ServiceError('InvalidRange', 'The requested range is not satisfiable', 416),
  notImplemented: (what: string) => new ServiceError('NotImplemented', `The local cloud does not implement ${what}`, 501),
};
