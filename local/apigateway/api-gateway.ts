import { RestApi } from './definition';
import { GatewayEnvironment, RequestHandler } from './request-handler';
import { serve, ServedApi, ServerOptions } from './server';

/** The local API Gateway: REST APIs with request validation, mapping templates and service integrations. */
export class ApiGateway {
  private readonly apis = new Map<string, RestApi>();
  private readonly served: ServedApi[] = [];
  /** Role that writes logs for every API of the account and region; stages cannot log without one. */
  accountLogRoleArn?: string;

  constructor(private readonly gateway: GatewayEnvironment) {}

  add(api: RestApi): void {
    this.apis.set(api.id, api);
  }

  api(id: string): RestApi {
    const api = this.apis.get(id);
    if (api === undefined) throw new Error(`Invalid API identifier specified: ${id}`);
    return api;
  }

  /** Ids of the APIs there are. */
  apiIds(): string[] {
    return [...this.apis.keys()];
  }

  handler(id: string): RequestHandler {
    return new RequestHandler(this.api(id), this.gateway);
  }

  /** Serves an API at an address of its own. */
  async serve(id: string, options?: ServerOptions): Promise<ServedApi> {
    const served = await serve(this.handler(id), options);
    this.served.push(served);
    return served;
  }

  async close(): Promise<void> {
    await Promise.all(this.served.splice(0).map((served) => served.close()));
  }
}
