/** What others ask of a VPC endpoint. */
export interface VpcEndpoint {
  readonly id: string;
  /** `com.amazonaws.eu-west-1.execute-api`. */
  readonly serviceName: string;
  /** `Interface`, or `Gateway`, which is the default. */
  readonly type: string;
  /** Whether it has a policy of its own; without one it lets everything through. */
  readonly hasPolicy: boolean;
}

/** The VPC endpoints that templates made. */
export class VpcEndpoints {
  private readonly endpoints = new Map<string, VpcEndpoint>();

  add(endpoint: VpcEndpoint): void {
    this.endpoints.set(endpoint.id, endpoint);
  }

  remove(id: string): void {
    this.endpoints.delete(id);
  }

  find(id: string): VpcEndpoint | undefined {
    return this.endpoints.get(id);
  }
}
