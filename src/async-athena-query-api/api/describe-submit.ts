import { JsonSchema } from 'aws-cdk-lib/aws-apigateway';
import { LOCATION } from './request-template';
import { SUBMIT_REFUSALS } from './submit-refusals';
import { submitQuerySchema, SubmitRequestProps } from './submit-route';
import { DescribedRoute, Header, jsonContent } from '../open-api/document';
import { fromDraft4 } from '../open-api/draft4';
import { queryEndedCallback, QueryEndedProps } from '../open-api/query-ended';
import { CALLBACK_SCHEMAS, QUERY_ID } from '../open-api/query-schemas';
import { DescribedRefusal, refusalResponses } from '../open-api/refusals';
import { component, Schema } from '../open-api/schema';

export interface DescribeSubmitProps extends SubmitRequestProps {
  readonly callback: QueryEndedProps;
  /** What API Gateway itself answers. */
  readonly gateway: readonly DescribedRefusal[];
  /** Whether queries can be looked at. */
  readonly managed: boolean;
}

const REQUEST = 'SubmitQuery';

/** What each member of a request is that does not belong to a choice. */
const MEMBERS: Readonly<Record<string, string>> = {
  CallbackUrl: 'Where to send the callback: an https URL on port 443.',
  ClientReference: 'What you call the request: it comes back in the callback and in every answer about the query.',
  IdempotencyKey: 'A key of your own for this query: the same request, sent twice, runs one query.',
  Database: 'The database of tables that the SQL names without one.',
  ResultFormat: 'The format of the result.',
};

/** `POST /queries`, from the model that checks requests. */
export function describeSubmit({ callback, gateway, managed, ...request }: DescribeSubmitProps): DescribedRoute {
  const { described } = request.submittedQueries;
  const location = managed ? { headers: { [LOCATION]: LOCATION_HEADER } } : {};
  return {
    path: '/queries',
    httpMethod: 'POST',
    operation: {
      operationId: 'SubmitQuery',
      summary: 'Submit a query',
      description: `${described.request} The answer comes at once; a callback says what has become of the query.`,
      requestBody: { required: true, content: jsonContent(component(REQUEST)) },
      responses: {
        202: {
          description: 'The query is accepted.',
          ...location,
          content: jsonContent({ type: 'object', required: ['QueryId'], properties: { QueryId: QUERY_ID } }),
        },
        ...refusalResponses([...refusals(location), ...gateway]),
      },
      callbacks: { queryEnded: queryEndedCallback(callback) },
    },
    schemas: { ...requestSchemas(submitQuerySchema(request), described), ...CALLBACK_SCHEMAS },
  };
}

const LOCATION_HEADER: Header = { description: 'The path of the query.', schema: { type: 'string', format: 'uri-reference' } };

function refusals(location: Pick<DescribedRefusal, 'headers'>): DescribedRefusal[] {
  return Object.entries(SUBMIT_REFUSALS).map(([code, { status, message }]) => ({
    status,
    code,
    meaning: message,
    ...code === 'DuplicateRequest' && { ...location, members: { QueryId: { ...QUERY_ID, description: 'With `DuplicateRequest`: the id of that query.' } } },
  }));
}

type Described = SubmitRequestProps['submittedQueries']['described'];

/** The schema of a request; where it has variants, one of each, which share what does not differ. */
function requestSchemas(model: JsonSchema, { members, variantsBy }: Described): Record<string, Schema> {
  const { anyOf, properties = {}, ...rest } = fromDraft4(model);
  const told = Object.fromEntries(Object.entries(properties).map(([name, schema]): [string, Schema] => (
    [name, { description: members[name] ?? MEMBERS[name], ...schema }]
  )));
  const whole: Schema = { ...rest, properties: told };
  if (anyOf === undefined || variantsBy === undefined) return { [REQUEST]: { ...whole, anyOf } };
  const variants = new Map(anyOf.map((variant) => [`${REQUEST}_${valueOf(variantsBy, variant)}`, variant]));
  const shared = Object.keys(told).filter((name) => anyOf.every((variant) => variant.properties?.[name] === undefined));
  return {
    [REQUEST]: {
      title: REQUEST,
      oneOf: [...variants.keys()].map(component),
      discriminator: {
        propertyName: variantsBy,
        mapping: Object.fromEntries([...variants].map(([name, variant]) => [valueOf(variantsBy, variant), `#/components/schemas/${name}`])),
      },
    },
    ...Object.fromEntries([...variants].map(([name, variant]) => [name, { ...requestVariant(whole, variant, shared), title: name }])),
    ...Object.fromEntries(shared.map((name) => [name, told[name]])),
  };
}

/** What the whole request must be, and what the variant says more strictly. */
function requestVariant(whole: Schema, variant: Schema, shared: readonly string[]): Schema {
  const of = (name: string, schema: Schema): Schema => {
    const own = variant.properties?.[name];
    if (own !== undefined) return { description: schema.description, ...own };
    return shared.includes(name) ? component(name) : schema;
  };
  return {
    ...whole,
    required: [...new Set([...variant.required ?? [], ...whole.required ?? []])],
    properties: Object.fromEntries(Object.entries(whole.properties ?? {}).map(([name, schema]) => [name, of(name, schema)])),
  };
}

function valueOf(member: string, { properties }: Schema): string {
  const [value] = properties?.[member].enum ?? [];
  return String(value);
}
