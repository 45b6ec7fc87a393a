import { RestApi } from './definition';
import { GatewayEnvironment, RequestHandler } from './request-handler';
import { serve, ServedApi, ServerOptions } from './server';
import { UsagePlans } from './usage-plans';

/** The local API Gateway: REST APIs with request validation, mapping templates and service integrations. */
export class ApiGateway {
  private readonly apis = new Map<string, RestApi>();
  private readonly served: { readonly id: string; readonly api: ServedApi }[] = [];
  readonly usagePlans = new UsagePlans();
  /** Role that writes logs for every API of the account and region; stages cannot log without one. */
  accountLogRoleArn?: string;

  constructor(private readonly gateway: GatewayEnvironment) {}

  add(api: RestApi): void {
    this.apis.set(api.id, api);
  }

  /** Deletes an API and no longer serves it. */
  async remove(id: string): Promise<void> {
    this.apis.delete(id);
    const index = this.served.findIndex((served) => served.id === id);
    if (index >= 0) await this.served.splice(index, 1)[0].api.close();
  }

  /** The API with this id, if there is one. */
  find(id: string): RestApi | undefined {
    return this.apis.get(id);
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
    return new RequestHandler(this.api(id), this.usagePlans, this.gateway);
  }

  /** Serves an API at an address of its own. */
  async serve(id: string, options?: ServerOptions): Promise<ServedApi> {
    const api = await serve(this.handler(id), options);
    this.served.push({ id, api });
    return api;
  }

  /** Serves every API that is not served yet. */
  async serveAll(options: ServerOptions): Promise<void> {
    const isServed = (id: string) => this.served.some((served) => served.id === id);
    for (const id of this.apiIds().filter((each) => !isServed(each))) await this.serve(id, options);
  }

  /** The address on this machine of what AWS would serve at this execute-api URL. */
  localUrl(url: string): string {
    const { hostname, pathname } = new URL(url);
    const [label] = hostname.split('.');
    // The name of a private API at a VPC endpoint begins with its id too.
    const served = this.served.find(({ id }) => label === id || label.startsWith(`${id}-vpce-`));
    if (served === undefined) throw new Error(`No API of the local cloud is served at ${url}`);
    return served.api.url + pathname;
  }

  async close(): Promise<void> {
    await Promise.all(this.served.splice(0).map(({ api }) => api.close()));
  }
}
