import { AwsIntegration, Method, PassthroughBehavior, Resource } from 'aws-cdk-lib/aws-apigateway';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { managedTemplate, manageTemplate } from './manage-template';
import { JSON_TYPE, RouteProps } from './submit-route';
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

/** The methods as the settings of a stage name them. */
export const MANAGED_METHODS: readonly string[] = MANAGE_OPERATIONS.map((operation) => {
  const { httpMethod, path } = METHODS[operation];
  return ['/queries', QUERY_ID, ...path === undefined ? [] : [path], httpMethod].join('/');
});

/** Statuses of the answers: what was asked for, and every refusal. */
const STATUSES = [...new Set([200, 202, ...Object.values(MANAGE_REFUSALS)])].sort();

/** What clients say of a body where there is none, by themselves: none of it is read. A request without a content type counts as JSON. */
const CONTENT_TYPES = [JSON_TYPE, 'application/x-www-form-urlencoded', 'text/plain'];

/** The routes of a single query, all served by the management function. */
export function addManagement(queries: Resource, props: ManageRouteProps): Record<ManageOperation, Method> {
  const { role, managementFunction } = props;
  role.addToPrincipalPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [managementFunction.functionArn] }));
  const query = queries.addResource(QUERY_ID);
  const add = (operation: ManageOperation) => {
    const { httpMethod, path } = METHODS[operation];
    return (path === undefined ? query : query.addResource(path)).addMethod(httpMethod, askFunction(operation, props), {
      ...props.access,
      operationName: operation,
      requestParameters: { 'method.request.path.QueryId': true },
      requestValidator: props.requestValidator,
      methodResponses: STATUSES.map((status) => ({ statusCode: `${status}` })),
    });
  };
  return { GetQuery: add('GetQuery'), GetQueryResult: add('GetQueryResult'), CancelQuery: add('CancelQuery') };
}

function askFunction(operation: ManageOperation, { role, managementFunction, caller }: ManageRouteProps): AwsIntegration {
  return new AwsIntegration({
    service: 'lambda',
    path: `2015-03-31/functions/${managementFunction.functionArn}/invocations`,
    integrationHttpMethod: 'POST',
    options: {
      credentialsRole: role,
      // Another content type would otherwise send the body as it is, and the caller would say who asks.
      passthroughBehavior: PassthroughBehavior.NEVER,
      requestTemplates: Object.fromEntries(CONTENT_TYPES.map((type) => [type, manageTemplate(operation, caller)])),
      // The status is the function's, which says for errors too; the template is for what it could not answer as well.
      integrationResponses: [{ statusCode: '200', responseTemplates: { [JSON_TYPE]: managedTemplate() } }],
    },
  });
}
