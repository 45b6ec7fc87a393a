import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { AnyPrincipal, Effect, IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ApiEndpointBinding } from '../api-endpoint/binding';

const INVOKE = ['execute-api:Invoke'];

/**
 * Lets principals in by a policy of the API, which names its methods in the short form: the API cannot name itself before it is there. A path parameter can be
 * anything.
 */
export function letIn(restApi: RestApi, stageName: string, principals: readonly IPrincipal[]): void {
  if (principals.length === 0) return;
  const methods = restApi.methods.map(({ httpMethod, resource }) => `execute-api:/${stageName}/${httpMethod}${resource.path.replace(/\{[^}]+\}/g, '*')}`);
  restApi.addToResourcePolicy(new PolicyStatement({ principals: [...principals], actions: INVOKE, resources: methods }));
}

/** Keeps out whatever does not come through one of the VPC endpoints: a deny counts before anything that allows. */
export function keepOut(restApi: RestApi, { vpcEndpoints }: ApiEndpointBinding): void {
  if (vpcEndpoints === undefined) return;
  restApi.addToResourcePolicy(new PolicyStatement({
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: INVOKE,
    resources: ['execute-api:/*'],
    conditions: { StringNotEquals: { 'aws:SourceVpce': vpcEndpoints.map(({ vpcEndpointId }) => vpcEndpointId) } },
  }));
}
