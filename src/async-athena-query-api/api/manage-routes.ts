import { Method, Resource } from 'aws-cdk-lib/aws-apigateway';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { functionIntegration } from './function-integration';
import { manageTemplate, NEXT_TOKEN } from './manage-template';
import { RouteProps } from './submit-route';
import { MANAGE_OPERATIONS, MANAGE_REFUSALS, ManageOperation } from '../contracts/manage-query';

export interface ManageRouteProps extends RouteProps {
  readonly managementFunction: IFunction;
}

interface ManagedMethod {
  readonly httpMethod: string;
  /** Path below that of the query. */
  readonly path?: string;
}

const METHODS: Readonly<Record<ManageOperation, ManagedMethod>> = {
  GetQuery: { httpMethod: 'GET' },
  GetQueryResult: { httpMethod: 'GET', path: 'result' },
  CancelQuery: { httpMethod: 'DELETE' },
};

const QUERY_ID = '{QueryId}';

/** Method and whole path of an operation. */
export function managedRoute(operation: ManageOperation): { readonly httpMethod: string; readonly path: string } {
  const { httpMethod, path } = METHODS[operation];
  return { httpMethod, path: ['/queries', QUERY_ID, ...path === undefined ? [] : [path]].join('/') };
}

/** The methods as the settings of a stage name them. */
export const MANAGED_METHODS: readonly string[] = MANAGE_OPERATIONS.map((operation) => {
  const { httpMethod, path } = managedRoute(operation);
  return `${path}/${httpMethod}`;
});

/** Statuses of the answers: what was asked for, and every refusal. */
const STATUSES = [...new Set([200, 202, ...Object.values(MANAGE_REFUSALS)])].sort();

/** The routes of a single query, all served by the management function. */
export function addManagement(queries: Resource, props: ManageRouteProps): Record<ManageOperation, Method> {
  const { role, managementFunction } = props;
  role.addToPrincipalPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [managementFunction.functionArn] }));
  const query = queries.addResource(QUERY_ID);
  const add = (operation: ManageOperation) => {
    const { httpMethod, path } = METHODS[operation];
    const integration = functionIntegration(role, managementFunction, manageTemplate(operation, props.caller));
    return (path === undefined ? query : query.addResource(path)).addMethod(httpMethod, integration, {
      ...props.access,
      operationName: operation,
      requestParameters: {
        'method.request.path.QueryId': true,
        ...(operation === 'GetQueryResult' && { [`method.request.querystring.${NEXT_TOKEN}`]: false }),
      },
      requestValidator: props.requestValidator,
      methodResponses: STATUSES.map((status) => ({ statusCode: `${status}` })),
    });
  };
  return { GetQuery: add('GetQuery'), GetQueryResult: add('GetQueryResult'), CancelQuery: add('CancelQuery') };
}
