import { Dialect } from './authentication-failure';
import { AwsService, CallContext } from '../aws/service';

/** A request whose signature, if it carries one, has been found good. */
export interface VerifiedRequest {
  /** `GET`, `PUT`, … in capitals. */
  readonly method: string;
  /** Path as sent, still percent-encoded, without the query: `/bucket/a%20key`. */
  readonly path: string;
  /** Query parameters, decoded, in the order sent; those of a presigned URL (`X-Amz-…`) are still among them. */
  readonly query: readonly QueryParameter[];
  /** Headers with names in lower case; values that were sent more than once are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** The payload: already taken out of aws-chunked framing, its SHA-256 and trailing checksum compared where the request gives one. */
  readonly body: Buffer;
  /** Who calls: a caller without `arn` when the request is not signed at all. */
  readonly context: CallContext;
  /** Present when the signature came in the query. */
  readonly presigned?: Presigned;
  /** Unique per request; the front door also sends it as `x-amz-request-id`. */
  readonly requestId: string;
}

export interface QueryParameter {
  readonly name: string;
  /** Empty for a parameter without a value: `?uploads`. */
  readonly value: string;
}

/** What a presigned URL says of itself. */
export interface Presigned {
  /** Epoch milliseconds. */
  readonly signedAt: number;
  /** Epoch milliseconds: `signedAt` + `X-Amz-Expires`. */
  readonly expiresAt: number;
}

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: empty. A `content-length` is added; for HEAD, give the header yourself and leave the body out. */
  readonly body?: string | Buffer;
}

/**
 * A service that speaks HTTP itself, such as S3. A `ServiceError` that it throws is answered in its dialect; by default that is REST/XML:
 * `<Error><Code>…</Code><Message>…</Message>…</Error>`, its `members` as further elements.
 */
export interface HttpService {
  /** Service name in the credential scope: `s3`. */
  readonly name: string;
  /** How it speaks of failures. Default: `rest`. */
  readonly dialect?: Dialect;
  /** Whether virtual time goes on while it handles a request. Default: it stands still. */
  readonly takesTime?: boolean;
  handleHttp(request: VerifiedRequest): Promise<HttpAnswer>;
}

/** How operations travel on the wire. */
export type WireProtocol =
  | {
    readonly kind: 'json';
    readonly version: '1.0' | '1.1';
    /** What stands before the dot in `X-Amz-Target`: `AmazonAthena`. */
    readonly targetPrefix: string;
    /** Namespace of the error type where the protocol sends one: `com.amazonaws.sqs`; default: the bare code. */
    readonly errorNamespace?: string;
  }
  | {
    readonly kind: 'query';
    /** `Version` parameter and XML namespace of the API: `2011-06-15`. */
    readonly version: string;
    readonly xmlNamespace: string;
  };

/**
 * A service whose operations are JSON objects. Timestamps in answers are epoch SECONDS (fractions allowed), as the JSON protocols send them;
 * the query protocol's services give ISO 8601 text instead.
 */
export interface WireService {
  readonly service: AwsService;
  readonly protocol: WireProtocol;
}
