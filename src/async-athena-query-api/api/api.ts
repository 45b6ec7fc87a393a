import { Names } from 'aws-cdk-lib';
import {
  AwsIntegration, EndpointType, IntegrationResponse, JsonSchema, JsonSchemaType, JsonSchemaVersion, Method, Model, PassthroughBehavior,
  RequestValidator, ResponseType, RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroupProps } from 'aws-cdk-lib/aws-logs';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acceptedTemplate, failedTemplate, refusedTemplate, requestTemplate, tooLargeTemplate } from './request-template';
import { AccessLogsBinding } from '../access-logs/binding';
import { CallbackPolicyBinding } from '../callback-policy/binding';
import { MAX_CALLBACK_URL_LENGTH, MAX_QUERY_LENGTH } from '../contracts/submit-query';
import { SubmitAccessBinding } from '../submit-access/binding';

export interface ApiProps {
  readonly workflow: IStateMachine;
  readonly submitAccess: SubmitAccessBinding;
  readonly callbackPolicy: CallbackPolicyBinding;
  readonly accessLogs: AccessLogsBinding;
  readonly logGroupProps: LogGroupProps;
  readonly stageName: string;
  readonly throttlingRateLimit: number;
  readonly throttlingBurstLimit: number;
  readonly tracing?: boolean;
}

const JSON_TYPE = 'application/json';

/** `POST /queries`: checks the request and starts the workflow, without a Lambda. */
export class Api {
  public readonly restApi: RestApi;
  public readonly method: Method;

  constructor(scope: Construct, props: ApiProps) {
    this.restApi = new RestApi(scope, 'Api', {
      // Metrics know an API by its name only: the default, the id, would mix up all instances of an account.
      restApiName: Names.uniqueResourceName(scope, { maxLength: 128, separator: '-' }),
      description: 'Accepts queries and answers them by callback',
      // The default, EDGE, does not exist in every partition.
      endpointTypes: [EndpointType.REGIONAL],
      // That role is one for the whole account and Region: not ours to set.
      cloudWatchRole: false,
      deployOptions: {
        stageName: props.stageName,
        throttlingRateLimit: props.throttlingRateLimit,
        throttlingBurstLimit: props.throttlingBurstLimit,
        tracingEnabled: props.tracing ? true : undefined,
        ...props.accessLogs.stageOptions(scope, props.logGroupProps),
      },
    });
    this.method = this.restApi.root.addResource('queries').addMethod('POST', startExecution(scope, props.workflow), {
      ...props.submitAccess.methodOptions,
      operationName: 'SubmitQuery',
      requestModels: { [JSON_TYPE]: submitQueryModel(this.restApi, props.callbackPolicy) },
      requestValidator: new RequestValidator(this.restApi, 'Validator', {
        restApi: this.restApi, validateRequestBody: true, validateRequestParameters: true,
      }),
      methodResponses: ['202', '400', '413', '429', '500'].map((statusCode) => ({ statusCode })),
    });
    addGatewayResponses(this.restApi);
  }
}

/** What a request must look like. Whatever is not named here is refused. */
function submitQueryModel(restApi: RestApi, callbackPolicy: CallbackPolicyBinding): Model {
  const schema: JsonSchema = {
    schema: JsonSchemaVersion.DRAFT4,
    title: 'SubmitQuery',
    type: JsonSchemaType.OBJECT,
    required: ['Query', 'CallbackUrl'],
    additionalProperties: false,
    properties: {
      Query: { type: JsonSchemaType.STRING, minLength: 1, maxLength: MAX_QUERY_LENGTH },
      CallbackUrl: {
        type: JsonSchemaType.STRING,
        maxLength: MAX_CALLBACK_URL_LENGTH,
        pattern: `^[hH][tT][tT][pP][sS]://${callbackPolicy.hostPattern}(?::443)?(?:[/?#][\\x21-\\x5b\\x5d-\\x7e]*)?$`,
      },
    },
  };
  return new Model(restApi, 'SubmitQuery', { restApi, contentType: JSON_TYPE, description: 'A query and where to send its result', schema });
}

function startExecution(scope: Construct, workflow: IStateMachine): AwsIntegration {
  const role = new Role(scope, 'ApiRole', {
    assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    description: 'Starts the workflow',
  });
  role.addToPrincipalPolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources: [workflow.stateMachineArn] }));
  const answer = (statusCode: string, selectionPattern: string | undefined, template: string): IntegrationResponse => ({
    statusCode,
    selectionPattern,
    responseTemplates: { [JSON_TYPE]: template },
  });
  return new AwsIntegration({
    service: 'states',
    action: 'StartExecution',
    integrationHttpMethod: 'POST',
    options: {
      credentialsRole: role,
      // Another content type would otherwise send the body as it is, and the caller would choose the state machine.
      passthroughBehavior: PassthroughBehavior.NEVER,
      requestTemplates: { [JSON_TYPE]: requestTemplate(workflow.stateMachineArn) },
      integrationResponses: [
        answer('202', '200', acceptedTemplate()),
        answer('413', '413', tooLargeTemplate()),
        answer('400', '4(0\\d|1[0-24-9]|[2-9]\\d)', refusedTemplate()),
        // Without a pattern this is the default, so that what is not known is never a success.
        answer('500', undefined, failedTemplate()),
      ],
    },
  });
}

/** Errors of API Gateway itself get the shape of our own. */
function addGatewayResponses(restApi: RestApi): void {
  const answers: [id: string, type: ResponseType, message: string][] = [
    ['BadRequestBody', ResponseType.BAD_REQUEST_BODY, `The body must be a JSON object with exactly Query, a text of 1 to ${MAX_QUERY_LENGTH} characters, `
      + 'and CallbackUrl, an allowed https URL with a host name.'],
    ['UnsupportedMediaType', ResponseType.UNSUPPORTED_MEDIA_TYPE, 'The Content-Type must be application/json.'],
    ['RequestTooLarge', ResponseType.REQUEST_TOO_LARGE, 'The request is too large.'],
    ['AccessDenied', ResponseType.ACCESS_DENIED, 'The caller may not submit queries.'],
    ['Throttled', ResponseType.THROTTLED, 'Too many requests; try again later.'],
    ['Refused', ResponseType.DEFAULT_4XX, 'The request was refused.'],
    ['Failed', ResponseType.DEFAULT_5XX, 'The request could not be processed; try again later.'],
  ];
  for (const [id, type, message] of answers) {
    restApi.addGatewayResponse(id, {
      type,
      templates: { [JSON_TYPE]: JSON.stringify({ Code: `${id}`, Message: message }) },
    });
  }
}
