import { Names } from 'aws-cdk-lib';
import { Method, MethodDeploymentOptions, RequestValidator, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroupProps } from 'aws-cdk-lib/aws-logs';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { keepOut, letIn } from './api-policy';
import { describeApi } from './describe-api';
import { addGatewayResponses, gatewayAnswers } from './gateway-answers';
import { addSigningKeys, KEYS_METHOD } from './keys-route';
import { addManagement, MANAGED_METHODS } from './manage-routes';
import { addSubmit, SubmitRouteProps } from './submit-route';
import { AccessLogsBinding } from '../access-logs/binding';
import { ApiEndpointBinding } from '../api-endpoint/binding';
import { CallbackPolicyBinding } from '../callback-policy/binding';
import { ManageOperation } from '../contracts/manage-query';
import { QueryEndedProps } from '../open-api/query-ended';
import { SubmitAccessBinding } from '../submit-access/binding';

export interface ApiProps extends Pick<SubmitRouteProps, 'submittedQueries' | 'databaseChoice' | 'formatChoice'> {
  readonly workflow: IStateMachine;
  readonly submitAccess: SubmitAccessBinding;
  readonly endpoint: ApiEndpointBinding;
  readonly callbackPolicy: CallbackPolicyBinding;
  /** Whether a request may leave the callback URL out. */
  readonly callbackOptional: boolean;
  /** What receivers of callbacks are told. */
  readonly callback: QueryEndedProps;
  readonly accessLogs: AccessLogsBinding;
  readonly logGroupProps: LogGroupProps;
  readonly stageName: string;
  readonly throttlingRateLimit: number;
  readonly throttlingBurstLimit: number;
  /** Serves the routes of a single query; without it there are none. */
  readonly management?: ManagementRoutes;
  /** Tells the public keys; without it there is no such route. */
  readonly signingKeys?: SigningKeysRoute;
  readonly tracing?: boolean;
}

export interface ManagementRoutes {
  readonly managementFunction: IFunction;
  readonly throttlingRateLimit: number;
  readonly throttlingBurstLimit: number;
}

export interface SigningKeysRoute {
  readonly keysFunction: IFunction;
  readonly throttlingRateLimit: number;
  readonly throttlingBurstLimit: number;
}

/** `POST /queries`, which starts the workflow without a Lambda, and the routes of a single query. */
export class Api {
  public readonly restApi: RestApi;
  public readonly submit: Method;
  /** Methods of a single query; none without management. */
  public readonly manage: Readonly<Partial<Record<ManageOperation, Method>>>;
  /** `GET /signing-keys`, where there are public keys. */
  public readonly signingKeys?: Method;
  /** An OpenAPI document of all of it, in JSON. */
  public readonly openApi: string;

  constructor(scope: Construct, props: ApiProps) {
    this.restApi = new RestApi(scope, 'Api', {
      // Metrics know an API by its name only: the default, the id, would mix up all instances of an account.
      restApiName: Names.uniqueResourceName(scope, { maxLength: 128, separator: '-' }),
      description: 'Accepts queries and answers them by callback',
      ...props.endpoint.props,
      // That role is one for the whole account and Region: not ours to set.
      cloudWatchRole: false,
      deployOptions: {
        stageName: props.stageName,
        throttlingRateLimit: props.throttlingRateLimit,
        throttlingBurstLimit: props.throttlingBurstLimit,
        methodOptions: throttles(props),
        tracingEnabled: props.tracing ? true : undefined,
        ...props.accessLogs.stageOptions(scope, props.logGroupProps),
      },
    });
    const role = new Role(scope, 'ApiRole', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      description: 'Starts the workflow',
    });
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources: [props.workflow.stateMachineArn] }));
    const requestValidator = new RequestValidator(this.restApi, 'Validator', {
      restApi: this.restApi, validateRequestBody: true, validateRequestParameters: true,
    });
    const queries = this.restApi.root.addResource('queries');
    const { workflow, callbackPolicy, callbackOptional, submittedQueries, databaseChoice, formatChoice, management, submitAccess } = props;
    const methods = { role, requestValidator, access: submitAccess.methodOptions(scope), caller: submitAccess.caller };
    const submitted = { workflow, callbackPolicy, callbackOptional, submittedQueries, databaseChoice, formatChoice };
    this.submit = addSubmit(queries, { ...methods, ...submitted, managed: management !== undefined });
    this.manage = management === undefined ? {} : addManagement(queries, { ...methods, managementFunction: management.managementFunction });
    this.signingKeys = props.signingKeys && addSigningKeys(this.restApi.root, methods, props.signingKeys.keysFunction);
    letIn(this.restApi, props.stageName, submitAccess.policyPrincipals?.(scope, props.endpoint.vpcEndpoints !== undefined) ?? []);
    keepOut(this.restApi, props.endpoint);
    submitAccess.completeStage?.(this.restApi);
    const words = {
      query: submittedQueries.inWords, choosesDatabase: databaseChoice !== undefined, choosesFormat: formatChoice !== undefined, callbackOptional,
    };
    const answers = gatewayAnswers(words, submitAccess.refusals ?? []);
    addGatewayResponses(this.restApi, answers);
    this.openApi = describeApi({
      callbackPolicy,
      callbackOptional,
      submittedQueries,
      databaseChoice,
      formatChoice,
      serverUrl: this.restApi.urlForPath('/').replace(/\/$/, ''),
      submitAccess,
      callback: props.callback,
      gatewayAnswers: answers,
      managed: management !== undefined,
      withSigningKeys: props.signingKeys !== undefined,
    });
  }
}

/**
 * Routes of a single query have throttles of their own: each request asks Step Functions, which answers a limited number a second for the whole account.
 * So has that of the keys, which need not be asked for often.
 */
function throttles({ management, signingKeys }: ApiProps): Record<string, MethodDeploymentOptions> | undefined {
  if (management === undefined && signingKeys === undefined) return undefined;
  const limited = (paths: readonly string[], { throttlingRateLimit, throttlingBurstLimit }: MethodDeploymentOptions) => (
    Object.fromEntries(paths.map((path) => [path, { throttlingRateLimit, throttlingBurstLimit }]))
  );
  return { ...management && limited(MANAGED_METHODS, management), ...signingKeys && limited([KEYS_METHOD], signingKeys) };
}
