import {
  AwsIntegration, IntegrationResponse, IRequestValidator, IRestApi, JsonSchema, JsonSchemaType, JsonSchemaVersion, Method, MethodOptions,
  MethodResponse, Model, PassthroughBehavior, Resource,
} from 'aws-cdk-lib/aws-apigateway';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { acceptedTemplate, DatabaseChoice, failedTemplate, LOCATION, refusedTemplate, requestTemplate, tooLargeTemplate } from './request-template';
import { InvalidPropError } from '../../private/synth/validation';
import { CallbackPolicyBinding } from '../callback-policy/binding';
import { IDEMPOTENCY_KEY, MAX_CALLBACK_URL_LENGTH, MAX_CLIENT_REFERENCE_LENGTH } from '../contracts/submit-query';
import { FormatChoice } from '../result-format/format-choice';
import { CallerTemplate } from '../submit-access/binding';
import { SubmittedQueriesBinding } from '../submitted-queries/binding';

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
  readonly submittedQueries: SubmittedQueriesBinding;
  /** What a request may choose from as its `Database`, and what holds for one that does not; undefined where none can choose. */
  readonly databaseChoice?: DatabaseChoice & { readonly databases: readonly string[] };
  /** What a request may choose from as its `ResultFormat`; undefined where all results are CSV. */
  readonly formatChoice?: FormatChoice;
  /** Whether a request may leave the callback URL out. */
  readonly callbackOptional: boolean;
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
    requestModels: { [JSON_TYPE]: submitQueryModel(queries.api, props) },
    requestValidator: props.requestValidator,
    methodResponses: [
      located({ statusCode: '202' }), located({ statusCode: '409' }), ...['400', '413', '429', '500'].map((statusCode) => ({ statusCode })),
    ],
  });
}

export type SubmitRequestProps = Pick<SubmitRouteProps, 'callbackPolicy' | 'callbackOptional' | 'submittedQueries' | 'databaseChoice' | 'formatChoice'>;

/** What a request must look like. Whatever is not named here is refused. */
export function submitQuerySchema(props: SubmitRequestProps): JsonSchema {
  const { callbackPolicy, callbackOptional, submittedQueries: { model }, databaseChoice, formatChoice } = props;
  return {
    schema: JsonSchemaVersion.DRAFT4,
    title: 'SubmitQuery',
    type: JsonSchemaType.OBJECT,
    required: callbackOptional ? [...model.required] : [...model.required, 'CallbackUrl'],
    additionalProperties: false,
    properties: {
      ...model.properties,
      CallbackUrl: {
        type: JsonSchemaType.STRING,
        maxLength: MAX_CALLBACK_URL_LENGTH,
        pattern: `^[hH][tT][tT][pP][sS]://${callbackPolicy.hostPattern}(?::443)?(?:[/?#][\\x21-\\x5b\\x5d-\\x7e]*)?$`,
      },
      ClientReference: { type: JsonSchemaType.STRING, minLength: 1, maxLength: MAX_CLIENT_REFERENCE_LENGTH },
      IdempotencyKey: { type: JsonSchemaType.STRING, pattern: `^${IDEMPOTENCY_KEY}$` },
      ...(databaseChoice && { Database: { enum: [...databaseChoice.databases] } }),
      ...(formatChoice && { ResultFormat: { enum: formatChoice.formats.map(({ name }) => name) } }),
    },
    ...(model.anyOf && { anyOf: model.anyOf }),
  };
}

function submitQueryModel(restApi: IRestApi, props: SubmitRouteProps): Model {
  const schema = submitQuerySchema(props);
  checkModelSize(schema);
  return new Model(restApi, 'SubmitQuery', { restApi, contentType: JSON_TYPE, description: 'A query and where to send its result', schema });
}

/** In bytes. Source: API Gateway quotas, "Model size". */
export const MAX_MODEL_SIZE = 400 * 1_024;

function checkModelSize(schema: JsonSchema): void {
  const size = Buffer.byteLength(JSON.stringify(schema));
  if (size <= MAX_MODEL_SIZE) return;
  throw new InvalidPropError(
    'submittedQueries', `a request model of ${size} bytes`, `queries that fit into a model of ${MAX_MODEL_SIZE} bytes with all of their parameters`,
    'give them fewer parameters, or make a second API for some of them',
  );
}

/** In bytes. Source: API Gateway quotas, "Mapping template size". */
export const MAX_TEMPLATE_SIZE = 300 * 1_024;

function checkedTemplate({ workflow, caller, submittedQueries, ...choices }: SubmitRouteProps): string {
  const template = requestTemplate(workflow.stateMachineArn, caller, submittedQueries.template, choices);
  const size = Buffer.byteLength(template);
  if (size <= MAX_TEMPLATE_SIZE) return template;
  throw new InvalidPropError(
    'submittedQueries', `a mapping template of ${size} bytes`, `queries that fit into a template of ${MAX_TEMPLATE_SIZE} bytes with all of their SQL`,
    'make views of what they share, or a second API for some of them',
  );
}

function startExecution(props: SubmitRouteProps): AwsIntegration {
  const { role, managed } = props;
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
      requestTemplates: { [JSON_TYPE]: checkedTemplate(props) },
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
