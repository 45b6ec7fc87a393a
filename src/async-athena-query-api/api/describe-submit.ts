import { JsonSchema } from 'aws-cdk-lib/aws-apigateway';
import { LOCATION } from './request-template';
import { SUBMIT_REFUSALS } from './submit-refusals';
import { submitQuerySchema, SubmitRequestProps } from './submit-route';
import { fromDraft4 } from '../open-api/draft4';
import { DescribedRoute, Header, jsonContent } from '../open-api/document';
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
  const { anyOf, properties = {}, required = [], ...rest } = fromDraft4(model);
  const told = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, { description: members[name] ?? MEMBERS[name], ...schema }]));
  if (anyOf === undefined || variantsBy === undefined) return { [REQUEST]: { ...rest, required, properties: told, anyOf } };
  const variants = anyOf.map((variant): [name: string, schema: Schema] => {
    const [value] = variant.properties?.[variantsBy].enum ?? [];
    const own = Object.entries(variant.properties ?? {}).map(([name, schema]) => [name, { description: told[name]?.description, ...schema }]);
    return [String(value), {
      ...rest,
      title: `${REQUEST} ${String(value)}`,
      required: [...new Set([...variant.required ?? [], ...required])],
      properties: { ...Object.fromEntries(Object.keys(told).map((name) => [name, component(name)])), ...Object.fromEntries(own) },
    }];
  });
  const shared = Object.entries(told).filter(([name]) => variants.some(([, { properties: own }]) => own?.[name].$ref !== undefined));
  const nameOf = (value: string) => `${REQUEST}_${value}`;
  return {
    [REQUEST]: {
      title: REQUEST,
      oneOf: variants.map(([value]) => component(nameOf(value))),
      discriminator: { propertyName: variantsBy, mapping: Object.fromEntries(variants.map(([value]) => [value, `#/components/schemas/${nameOf(value)}`])) },
    },
    ...Object.fromEntries(variants.map(([value, schema]) => [nameOf(value), schema])),
    ...Object.fromEntries(shared),
  };
}
