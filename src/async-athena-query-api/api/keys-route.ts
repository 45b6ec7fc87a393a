import { IResource, Method } from 'aws-cdk-lib/aws-apigateway';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { functionIntegration } from './function-integration';
import { RouteProps } from './submit-route';
import { TELL_KEYS_CONTRACT, TELL_KEYS_REFUSALS } from '../contracts/tell-keys';

const PATH = 'signing-keys';

/** Method and whole path. */
export const KEYS_ROUTE = { httpMethod: 'GET', path: `/${PATH}` } as const;

/** The method as the settings of a stage name it. */
export const KEYS_METHOD = `${KEYS_ROUTE.path}/${KEYS_ROUTE.httpMethod}`;

/** `GET /signing-keys`, guarded as every route is. Of a request, the function gets nothing. */
export function addSigningKeys(root: IResource, { role, access }: RouteProps, keysFunction: IFunction): Method {
  role.addToPrincipalPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [keysFunction.functionArn] }));
  const integration = functionIntegration(role, keysFunction, JSON.stringify({ contract: TELL_KEYS_CONTRACT }));
  return root.addResource(PATH).addMethod(KEYS_ROUTE.httpMethod, integration, {
    ...access,
    operationName: 'GetSigningKeys',
    methodResponses: [200, ...Object.values(TELL_KEYS_REFUSALS)].sort().map((status) => ({ statusCode: `${status}` })),
  });
}
