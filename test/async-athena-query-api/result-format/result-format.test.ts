/** From the request to the SQL that Athena gets, through the request template and the first state, as both are deployed. */
import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { MappingTemplate } from '../../../local/apigateway/vtl/mapping-template';
import { VirtualClock } from '../../../local/clock';
import { expectObject, expectString, JsonObject, JsonValue } from '../../../local/json';
import { parseDefinition } from '../../../local/stepfunctions/definition/validate';
import { Execution } from '../../../local/stepfunctions/interpreter/execution';
import { JsonataQueries } from '../../../local/stepfunctions/jsonata/queries';
import {
  AsyncAthenaQueryApi, NamedQuery, OrcCompression, ParquetCompression, QueryCompletion, QueryParameter, ResultFormat, SubmittedQueries,
} from '../../../src';
import { announcementOf } from '../../../src/async-athena-query-api/announcement/announcement-document';
import { requestTemplate } from '../../../src/async-athena-query-api/api/request-template';
import { formatChoice } from '../../../src/async-athena-query-api/result-format/format-choice';
import { iamAccess } from '../../../src/async-athena-query-api/submit-access/iam';
import { SubmittedQueriesBinding } from '../../../src/async-athena-query-api/submitted-queries/binding';
import { synth } from '../../support/synth-queries';

const NAME = 'AIDAEXAMPLE_order-17';
const ARN = 'arn:aws:states:eu-west-1:111122223333';
const LOCATION = "s3://results/it's/";
const FOLDER = `s3://results/it''s/${NAME}/`;
const ALL = [
  ResultFormat.csv(), ResultFormat.parquet(), ResultFormat.orc(), ResultFormat.avro(), ResultFormat.json(), ResultFormat.textFile({ fieldDelimiter: ',' }),
];
const PROPERTIES: Record<string, string> = {
  PARQUET: "format = 'PARQUET', compression = 'SNAPPY'",
  ORC: "format = 'ORC', compression = 'ZLIB'",
  AVRO: "format = 'AVRO'",
  JSON: "format = 'JSON'",
  TEXTFILE: "format = 'TEXTFILE', field_delimiter = ','",
};
const ANY_SQL = SubmittedQueries.anySql()._binding;

interface Input {
  readonly ApiRequest: JsonObject;
  readonly Statement: JsonObject;
}

function inputOf(body: object, formats: readonly ResultFormat[] = ALL, { template }: SubmittedQueriesBinding = ANY_SQL): Input {
  const choices = { formatChoice: formatChoice(formats.map(({ _binding }) => _binding), LOCATION) };
  const { text } = new MappingTemplate(requestTemplate('arn:machine', iamAccess({}).caller, template, choices)).render({
    body: JSON.stringify({ CallbackUrl: 'https://hooks.example.com/x', ...body }),
    parameters: { path: {}, querystring: {}, header: {} },
    context: { path: '/prod/queries', identity: { caller: 'AIDAEXAMPLE' } },
    stageVariables: {},
  });
  const { input }: { input: string } = JSON.parse(text);
  return JSON.parse(input);
}

/** Runs one state with an input that is that of the execution too. */
async function outputOf(state: JsonObject, input: JsonObject): Promise<JsonValue | undefined> {
  const definition = parseDefinition(JSON.stringify({ StartAt: 'One', States: { One: state } }), () => true);
  const identity = {
    executionArn: `${ARN}:execution:machine:${NAME}`,
    executionName: NAME,
    stateMachineArn: `${ARN}:stateMachine:machine`,
    stateMachineName: 'machine',
    roleArn: 'arn:aws:iam::111122223333:role/machine',
    region: 'eu-west-1',
  };
  const { output, error } = await new Execution({ definition, queries: new JsonataQueries(), clock: new VirtualClock(0), input, identity }).run();
  expect(error).toBeUndefined();
  return output;
}

/** What Athena is asked with the input of an execution, by a state of the workflow. */
async function asked(input: Input, completion = QueryCompletion.adaptivePolling(), state = 'Start Query'): Promise<JsonObject> {
  const { states } = completion._binding.render({
    partition: 'aws',
    workGroupName: 'queries',
    statement: { executionParameters: 'NEVER', database: false, wrap: true },
    queryTimeout: Duration.minutes(30),
    next: 'Deliver Result',
  });
  const task: JsonObject = JSON.parse(JSON.stringify(states[state]));
  const { InputPath, Parameters } = task;
  return expectObject(await outputOf({ Type: 'Pass', ...InputPath !== undefined && { InputPath }, Parameters, End: true }, { ...input }), 'output');
}

const sqlOf = async (...args: Parameters<typeof asked>) => expectString((await asked(...args)).QueryString, 'QueryString');

const AWKWARD = ["'", '"', '\\', '{}', '{', '}', '\\{\\}', '\n', '--', '/*', ';', ')', '$', '#', '${x}', '#end', '$.Query', '\u2028', 'é'];

test('the SQL is wrapped in UNLOAD into a folder of the query, character by character, and runs as it is for CSV', async () => {
  const sql = fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 2 }), fc.constantFrom(...AWKWARD)), { minLength: 1 }).map((pieces) => pieces.join(''));
  await fc.assert(fc.asyncProperty(sql.filter((text) => text !== ''), fc.constantFrom('CSV', ...Object.keys(PROPERTIES)), async (Query, ResultFormatName) => {
    const input = inputOf({ Query, ResultFormat: ResultFormatName });
    const isCsv = ResultFormatName === 'CSV';
    expect(input.ApiRequest).toEqual({ Query, CallbackUrl: 'https://hooks.example.com/x', ...!isCsv && { ResultFormat: ResultFormatName } });
    expect(await sqlOf(input)).toBe(isCsv ? Query : `UNLOAD (\n${Query}\n) TO '${FOLDER}' WITH (${PROPERTIES[ResultFormatName]})`);
  }), { numRuns: 60 });
});

test.each([
  [[ResultFormat.csv(), ResultFormat.json()], undefined],
  [[ResultFormat.json(), ResultFormat.csv()], 'JSON'],
  [[ResultFormat.parquet()], 'PARQUET'],
])('the first format holds for a request without one', (formats, expected) => {
  expect(inputOf({ Query: 'SELECT 1 AS n' }, formats).ApiRequest.ResultFormat).toBe(expected);
});

test('the query is looked up again with the same SQL where QueryCompletion.managed lost sight of it', async () => {
  const input = inputOf({ Query: 'SELECT 1 AS n', ResultFormat: 'JSON' });
  const managed = QueryCompletion.managed();
  const started = await asked(input, managed, 'Start Query');
  expect(started.QueryString).toContain(FOLDER);
  expect(await asked(input, managed, 'Find Query')).toEqual(started);
});

test.each([
  ['SELECT 1 AS n;', 'SELECT 1 AS n'], ['SELECT 1 AS n ; -- done; really\n/* ; */ ', 'SELECT 1 AS n '], ["SELECT ';' AS n", "SELECT ';' AS n"],
  ['SELECT 1 AS n -- it ends with a comment;', 'SELECT 1 AS n -- it ends with a comment;'],
])('a named query loses the semicolon at its end: %j', async (sql, expected) => {
  const { _binding } = SubmittedQueries.named({ queries: { one: NamedQuery.of({ sql }) } });
  expect(await sqlOf(inputOf({ QueryName: 'one', ResultFormat: 'AVRO' }, ALL, _binding))).toBe(`UNLOAD (\n${expected}\n) TO '${FOLDER}' WITH (format = 'AVRO')`);
});

test('parameters of a named query go beside the SQL, as without a format', () => {
  const one = NamedQuery.of({ sql: 'SELECT n FROM t WHERE n = :n;', parameters: { n: QueryParameter.integer() } });
  const { _binding } = SubmittedQueries.named({ queries: { one } });
  const { ApiRequest, Statement } = inputOf({ QueryName: 'one', Parameters: { n: 7 }, ResultFormat: 'JSON' }, ALL, _binding);
  expect(ApiRequest.Query).toBe('SELECT n FROM t WHERE n = ?');
  expect(Statement.ExecutionParameters).toEqual(['7']);
});

test.each([
  [ResultFormat.parquet({ compression: ParquetCompression.GZIP }), "format = 'PARQUET', compression = 'GZIP'"],
  [ResultFormat.orc({ compression: OrcCompression.LZ4 }), "format = 'ORC', compression = 'LZ4'"],
  [ResultFormat.textFile(), "format = 'TEXTFILE'"],
  [ResultFormat.textFile({ fieldDelimiter: '\t' }), "format = 'TEXTFILE', field_delimiter = '\t'"],
])('options of formats are properties of UNLOAD', async (format, expected) => {
  expect(await sqlOf(inputOf({ Query: 'SELECT 1 AS n' }, [format]))).toContain(`WITH (${expected})`);
});

test.each(['', 'ab', "'", '\\', 'a', '7', '{', '"', '\n', '\u0001'])('a field delimiter that could break the SQL or a line is refused: %j', (fieldDelimiter) => {
  expect(() => ResultFormat.textFile({ fieldDelimiter })).toThrow(/fieldDelimiter of ResultFormat.textFile must be one character/);
});

test('a prefix that is known at deployment only has its quotes doubled by CloudFormation', () => {
  const { template } = synth((stack: Stack) => ({
    resultPrefix: new CfnParameter(stack, 'Prefix', { type: 'String' }).valueAsString, resultFormats: [ResultFormat.json()],
  }));
  const [method] = Object.values(template.findResources('AWS::ApiGateway::Method', { Properties: { OperationName: 'SubmitQuery' } }));
  expect(JSON.stringify(method.Properties.Integration.RequestTemplates)).toMatch(/"Fn::Join":\["''",\{"Fn::Split":\["'",/);
});

test('the announcement of a query with a format names its folder', async () => {
  const query = { Status: { State: 'SUCCEEDED' }, StatementType: 'DML', ResultConfiguration: { OutputLocation: 's3://results/x.csv' } };
  const expression = { Type: 'Pass', QueryLanguage: 'JSONata', Output: `{% ${announcementOf(LOCATION)} %}`, End: true };
  const announced = async (SubstatementType: string, ResultFormatName?: string) => outputOf(expression, {
    ApiRequest: { Query: '', ...ResultFormatName !== undefined && { ResultFormat: ResultFormatName } }, AthenaResult: { QueryExecution: { ...query, SubstatementType } },
  });
  expect(await announced('UNLOAD', 'JSON')).toMatchObject({ ResultKind: 'FILES', Bucket: 'results', Key: `it's/${NAME}/` });
  expect(await announced('SELECT')).toMatchObject({ ResultKind: 'OBJECT', Bucket: 'results', Key: 'x.csv' });
  expect(await announced('UNLOAD')).toMatchObject({ ResultKind: 'FILES', Bucket: '', Key: '' });
});

describe('the template', () => {
  const json = (props: ConstructorParameters<typeof AsyncAthenaQueryApi>[2]) => synth(() => props ?? {}).template.toJSON();

  test('is the default one where all results are CSV', () => {
    expect(json({ resultFormats: [ResultFormat.csv()] })).toEqual(json({}));
  });

  test('tells Athena how old a result may be', () => {
    const text = JSON.stringify(json({ resultReuse: Duration.hours(2) }));
    expect(text).toContain('\\"ResultReuseConfiguration\\":{\\"ResultReuseByAgeConfiguration\\":{\\"Enabled\\":true,\\"MaxAgeInMinutes\\":120}}');
  });
});
