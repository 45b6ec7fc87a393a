import { randomUUID } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, Server } from 'node:https';
import { AwsEnvironment, CallContext, ServiceError } from '../aws/service';
import { Clock } from '../clock';
import { asError } from '../errors';
import { authenticate, guessDialect } from './authenticate';
import { authenticationFailure, Dialect } from './authentication-failure';
import { Certificates } from './certificates';
import { HttpAnswer, HttpService, Presigned, WireService } from './http-service';
import { callJson, jsonError, jsonHttpAnswer, operationOf } from './json-protocol';
import { unwrapPayload } from './payload';
import { callQuery, queryError, restError } from './query-protocol';
import { receive, ReceivedRequest } from './received-request';
import { CredentialStore } from '../account/credentials';

export interface FrontDoorOptions {
  readonly environment: AwsEnvironment;
  readonly clock: Clock;
  readonly credentials: CredentialStore;
  readonly tls: Pick<Certificates, 'keyPem' | 'certPem'>;
  /** Services of JSON or query operations; they refuse every request without a signature. */
  readonly services?: readonly WireService[];
  /** Services that speak HTTP themselves. */
  readonly httpServices?: readonly HttpService[];
  /** Which of the `httpServices` gets requests without a signature; default: they are refused. */
  readonly unsigned?: string;
  /** Told of every plain error of a service: a gap or a fault of the local cloud, answered as `InternalFailure`. */
  readonly onFault?: (fault: Error) => void;
  /** TCP port on 127.0.0.1. Default: any free one. */
  readonly port?: number;
}

/** One HTTPS server for all services, told apart by the service name in the signature. */
export class FrontDoor {
  static async open(options: FrontDoorOptions): Promise<FrontDoor> {
    const door = new FrontDoor(options);
    await new Promise<void>((resolve, reject) => door.server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve));
    return door;
  }

  private readonly server: Server;
  private readonly wireServices: ReadonlyMap<string, WireService>;
  private readonly httpServices: ReadonlyMap<string, HttpService>;

  private constructor(private readonly options: FrontDoorOptions) {
    this.wireServices = new Map((options.services ?? []).map((wire) => [wire.service.name, wire]));
    this.httpServices = new Map((options.httpServices ?? []).map((service) => [service.name, service]));
    this.server = createServer({ key: options.tls.keyPem, cert: options.tls.certPem }, (message, response) => {
      void options.clock.hold(() => this.serve(message, response));
    });
  }

  get port(): number {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('The front door is closed');
    return address.port;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve, reject) => this.server.close((error) => (error === undefined ? resolve() : reject(error))));
  }

  private async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    let answer: HttpAnswer;
    try {
      answer = await this.answer(await receive(message), requestId);
    } catch (error) {
      answer = restError(new ServiceError('InvalidURI', String(error)), message.url ?? '', requestId);
    }
    await this.send(answer, requestId, message.method === 'HEAD', response);
  }

  private async answer(request: ReceivedRequest, requestId: string): Promise<HttpAnswer> {
    let dialect = guessDialect(request);
    try {
      const authenticated = await authenticate(request, { ...this.options, dialectOf: (service) => this.dialectOf(service) });
      const service = authenticated?.service ?? this.options.unsigned;
      if (service === undefined || (authenticated === undefined && dialect !== 'rest')) throw authenticationFailure('unsigned', dialect);
      dialect = this.dialectOf(service);
      const context: CallContext = { caller: authenticated?.caller ?? {}, secureTransport: true, sourceIp: '127.0.0.1' };
      return await this.dispatch(service, request, context, requestId, authenticated?.presigned);
    } catch (error) {
      return errorAnswer(this.toServiceError(error), dialect, request, requestId);
    }
  }

  private async dispatch(
    service: string, request: ReceivedRequest, context: CallContext, requestId: string, presigned: Presigned | undefined,
  ): Promise<HttpAnswer> {
    const http = this.httpServices.get(service);
    if (http !== undefined) {
      const handle = async () => http.handleHttp({ ...request, ...await unwrapPayload(request), context, presigned, requestId });
      return http.takesTime === true ? this.options.clock.release(handle) : handle();
    }
    const wire = this.wireServices.get(service);
    if (wire === undefined) throw this.notServed(service);
    if (request.method !== 'POST' || request.path !== '/' || presigned !== undefined) {
      throw new Error(`${service}: the local cloud implements POST / with a signature in the header only`);
    }
    const { protocol } = wire;
    const body = request.body.toString('utf8');
    if (protocol.kind === 'query') return callQuery(wire, protocol, body, context, requestId);
    const operation = operationOf(request.headers['x-amz-target'], protocol);
    return jsonHttpAnswer(await callJson(wire, operation, body, context), protocol.version, requestId);
  }

  private dialectOf(service: string): Dialect {
    const http = this.httpServices.get(service);
    const dialect = this.wireServices.get(service)?.protocol.kind ?? (http && (http.dialect ?? 'rest'));
    if (dialect === undefined) throw this.notServed(service);
    return dialect;
  }

  private notServed(service: string): Error {
    const served = [...this.wireServices.keys(), ...this.httpServices.keys()].sort().join(', ');
    return new Error(`The local cloud answers no calls of ${service}, only those of ${served}`);
  }

  private toServiceError(error: unknown): ServiceError {
    if (error instanceof ServiceError) return error;
    const fault = asError(error);
    this.options.onFault?.(fault);
    return new ServiceError('InternalFailure', fault.message, 500);
  }

  private async send(answer: HttpAnswer, requestId: string, headersOnly: boolean, response: ServerResponse): Promise<void> {
    // A client that has gone away is its own affair.
    if (response.destroyed) return;
    const body = Buffer.from(answer.body ?? '');
    const bodiless = headersOnly || answer.statusCode === 204 || answer.statusCode === 304;
    response.writeHead(answer.statusCode, {
      'x-amz-request-id': requestId,
      ...(bodiless ? {} : { 'content-length': String(body.length) }),
      // The SDK corrects its clock by this header, so it must show virtual time.
      'date': new Date(this.options.clock.now()).toUTCString(),
      ...answer.headers,
    });
    await new Promise<void>((resolve) => response.once('close', resolve).end(bodiless ? undefined : body));
  }
}

function errorAnswer(error: ServiceError, dialect: Dialect, request: ReceivedRequest, requestId: string): HttpAnswer {
  if (dialect === 'json') {
    const version = request.headers['content-type'] === 'application/x-amz-json-1.0' ? '1.0' : '1.1';
    return jsonHttpAnswer(jsonError(error), version, requestId);
  }
  return dialect === 'query' ? queryError(error, requestId) : restError(error, request.path, requestId);
}
