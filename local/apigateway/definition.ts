import { FunctionAuthorizer } from './function-authorizer';
import { GatewayResponses } from './gateway-response';
import { MethodDefinition, RequestValidator } from './method';
import { RequestModel } from './request-model';
import { MethodThrottle } from './token-bucket';
import { UserPoolAuthorizer } from './user-pool-authorizer';
import { PolicyDocument } from '../aws/service';

/** A resource of the API's tree. */
export interface ApiResource {
  readonly id: string;
  readonly parentId?: string;
  readonly pathPart: string;
}

/** A method at a path, as a deployment captured it. */
export interface Route {
  readonly resourceId: string;
  /** `/queries/{id}`. */
  readonly resourcePath: string;
  readonly method: MethodDefinition;
}

/** What a deployment captured. Later changes to the API do not reach it. */
export interface Deployment {
  readonly routes: readonly Route[];
  /** Who may call beside those who have the right by their own policies. */
  readonly policy?: PolicyDocument;
  readonly gatewayResponses: GatewayResponses;
}

export interface AccessLog {
  readonly destinationArn: string;
  readonly format: string;
}

export interface Stage {
  readonly name: string;
  readonly deployment: Deployment;
  readonly variables: Readonly<Record<string, string>>;
  readonly throttles: readonly MethodThrottle[];
  readonly accessLog?: AccessLog;
}

/** A REST API as its resources describe it; requests see only what stages and their deployments hold. */
export class RestApi {
  readonly resources = new Map<string, ApiResource>();
  readonly models = new Map<string, RequestModel>();
  readonly validators = new Map<string, RequestValidator>();
  readonly userPoolAuthorizers = new Map<string, UserPoolAuthorizer>();
  readonly functionAuthorizers = new Map<string, FunctionAuthorizer>();
  readonly deployments = new Map<string, Deployment>();
  readonly stages = new Map<string, Stage>();
  readonly gatewayResponses = new GatewayResponses();
  policy?: PolicyDocument;
  private readonly methods = new Map<string, { readonly resourceId: string; readonly method: MethodDefinition }>();

  /**
   * @param name As metrics have it.
   * @param vpcEndpoints Of a private API: ids of the VPC endpoints that have a name for it. Undefined for one on the internet.
   */
  constructor(readonly id: string, readonly rootResourceId: string, public name: string, public vpcEndpoints?: readonly string[]) {
    this.resources.set(rootResourceId, { id: rootResourceId, pathPart: '' });
  }

  addResource(resource: ApiResource): void {
    if (resource.parentId === undefined || !this.resources.has(resource.parentId)) {
      throw new Error(`API ${this.id}: no resource ${resource.parentId}`);
    }
    const siblings = [...this.resources.values()].filter(({ parentId }) => parentId === resource.parentId);
    if (siblings.some(({ pathPart }) => samePart(pathPart, resource.pathPart))) {
      throw new Error(`API ${this.id}: Another resource with the same parent already has this name: ${resource.pathPart}`);
    }
    this.resources.set(resource.id, resource);
  }

  addMethod(resourceId: string, method: MethodDefinition): void {
    if (!this.resources.has(resourceId)) throw new Error(`API ${this.id}: no resource ${resourceId}`);
    const key = `${resourceId} ${method.httpMethod}`;
    if (this.methods.has(key)) throw new Error(`API ${this.id}: Method already exists for this resource: ${method.httpMethod}`);
    this.methods.set(key, { resourceId, method });
  }

  removeMethod(resourceId: string, httpMethod: string): void {
    this.methods.delete(`${resourceId} ${httpMethod}`);
  }

  /** Changes what methods say, for deployments to come. */
  changeMethods(change: (method: MethodDefinition) => MethodDefinition): void {
    for (const [key, { resourceId, method }] of this.methods) this.methods.set(key, { resourceId, method: change(method) });
  }

  deploy(id: string): void {
    if (this.methods.size === 0) throw new Error(`API ${this.id}: The REST API doesn't contain any methods`);
    if (this.vpcEndpoints !== undefined && this.policy === undefined) {
      throw new Error(`API ${this.id}: Private REST API doesn't have a resource policy attached to it`);
    }
    const routes = [...this.methods.values()].map(({ resourceId, method }) => ({ resourceId, resourcePath: this.pathOf(resourceId), method }));
    this.deployments.set(id, { routes, gatewayResponses: this.gatewayResponses.copy(), policy: this.policy });
  }

  pathOf(resourceId: string): string {
    const parts: string[] = [];
    for (let resource = this.resources.get(resourceId); resource?.parentId !== undefined; resource = this.resources.get(resource.parentId)) {
      parts.unshift(resource.pathPart);
    }
    return `/${parts.join('/')}`;
  }
}

/** Two parameters beside each other would be ambiguous, whatever their names. */
function samePart(one: string, other: string): boolean {
  return one === other || (one.startsWith('{') && other.startsWith('{'));
}
