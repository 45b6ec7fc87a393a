import {
  AwsIntegration, IntegrationResponse, IRequestValidator, IRestApi, JsonSchema, JsonSchemaType, JsonSchemaVersion, Method, MethodOptions,
  MethodResponse, Model, PassthroughBehavior, Resource,
} from 'aws-cdk-lib/aws-apigateway';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { acceptedTemplate, failedTemplate, LOCATION, refusedTemplate, requestTemplate, tooLargeTemplate } from './request-template';
import { CallbackPolicyBinding } from '../callback-policy/binding';
import { IDEMPOTENCY_KEY, MAX_CALLBACK_URL_LENGTH, MAX_CLIENT_REFERENCE_LENGTH, MAX_QUERY_LENGTH } from '../contracts/submit-query';
import { CallerTemplate } from '../submit-access/binding';

export const JSON_TYPE = 'application/json';

export interface RouteProps {
  /** What API Gateway calls services as. */
  readonly role: IRole;
  readonly requestValidator: IRequestValidator;
  /** What API Gateway asks of every request. */
  readonly access: MethodOptions;
  readonly caller: CallerTemplate;
}

export interface SubmitRouteProps extends RouteProps {
  readonly workflow: IStateMachine;
  readonly callbackPolicy: CallbackPolicyBinding;
  /** Whether queries can be looked at. */
  readonly managed: boolean;
}

/** `POST /queries`: checks the request and starts the workflow, without a Lambda. */
export function addSubmit(queries: Resource, props: SubmitRouteProps): Method {
  const located = ({ statusCode }: MethodResponse): MethodResponse => (
    props.managed ? { statusCode, responseParameters: { [`method.response.header.${LOCATION}`]: true } } : { statusCode }
  );
  return queries.addMethod('POST', startExecution(props), {
    ...props.access,
    operationName: 'SubmitQuery',
    requestModels: { [JSON_TYPE]: submitQueryModel(queries.api, props.callbackPolicy) },
    requestValidator: props.requestValidator,
    methodResponses: [
      located({ statusCode: '202' }), located({ statusCode: '409' }), ...['400', '413', '429', '500'].map((statusCode) => ({ statusCode })),
    ],
  });
}

/** What a request must look like. Whatever is not named here is refused. */
function submitQueryModel(restApi: IRestApi, callbackPolicy: CallbackPolicyBinding): Model {
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
      ClientReference: { type: JsonSchemaType.STRING, minLength: 1, maxLength: MAX_CLIENT_REFERENCE_LENGTH },
      IdempotencyKey: { type: JsonSchemaType.STRING, pattern: `^${IDEMPOTENCY_KEY}$` },
    },
  };
  return new Model(restApi, 'SubmitQuery', { restApi, contentType: JSON_TYPE, description: 'A query and where to send its result', schema });
}

function startExecution({ role, workflow, caller, managed }: SubmitRouteProps): AwsIntegration {
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
      requestTemplates: { [JSON_TYPE]: requestTemplate(workflow.stateMachineArn, caller) },
      integrationResponses: [
        answer('202', '200', acceptedTemplate({ managed })),
        answer('413', '413', tooLargeTemplate()),
        answer('400', '4(0\\d|1[0-24-9]|[2-9]\\d)', refusedTemplate({ managed })),
        // Without a pattern this is the default, so that what is not known is never a success.
        answer('500', undefined, failedTemplate()),
      ],
    },
  });
}
