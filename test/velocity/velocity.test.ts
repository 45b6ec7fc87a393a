import { join } from 'node:path';
import * as fc from 'fast-check';
import { CONDITIONS, FEATURES, FRAGMENTS, INJECTIONS, NASTY, TEXT_TEMPLATES } from './templates';
import { VELOCITY_JARS, VelocityAnswer, VelocityJob } from './velocity-harness';
import { MappingTemplate, RenderedTemplate } from '../../local/apigateway/vtl/mapping-template';
import { TemplateError } from '../../local/apigateway/vtl/template-error';
import { NamedQuery, QueryParameter, ResultFormat } from '../../src';
import { manageTemplate, managedTemplate } from '../../src/async-athena-query-api/api/manage-template';
import { acceptedTemplate, failedTemplate, refusedTemplate, requestTemplate } from '../../src/async-athena-query-api/api/request-template';
import { IDEMPOTENCY_KEY } from '../../src/async-athena-query-api/contracts/submit-query';
import { iamAccess } from '../../src/async-athena-query-api/submit-access/iam';
import { anySql } from '../../src/async-athena-query-api/submitted-queries/any-sql';
import { named } from '../../src/async-athena-query-api/submitted-queries/named';
import { describeWithJava, JavaHarness } from '../support/java-harness';

const { caller: CALLER } = iamAccess({});
const CONTEXT = {
  stage: 'prod', path: '/prod/queries/', identity: { caller: 'AROAEXAMPLE:O=Hara@example.com', userArn: 'arn:aws:sts::111122223333:assumed-role/r/O=Hara@example.com' },
};
const STATE_MACHINE = 'arn:aws:states:eu-west-1:111122223333:stateMachine:Workflow';
const PARAMETERS = { path: { id: 'p/1' }, querystring: { id: 'q', page: '2' }, header: { 'x-name': 'O\'Hara "é"' } };
const BODY = JSON.stringify({
  text: 'it\'s "quoted" \\ and / é \u2028 \u{1f600} $x #if ${y}',
  arn: 'arn:aws:states:eu-west-1:111122223333:execution:Workflow:0b7e-4f',
  empty: '',
  number: 42,
  decimal: 1.5,
  big: 0,
  flag: true,
  off: false,
  list: ['a', 'b', 3],
  nested: { 'inner': { deep: 'x' }, 'odd key': 1 },
}).replace('"big":0', '"big":12345678901234567890');

describeWithJava('Apache Velocity', VELOCITY_JARS)('local renderer and Apache Velocity', () => {
  let velocity: JavaHarness<VelocityJob, VelocityAnswer>;
  beforeAll(() => {
    velocity = new JavaHarness(join(__dirname, 'VelocityHarness.java'), VELOCITY_JARS);
  });
  afterAll(() => velocity.close());

  const jobFor = (template: string, body: string = BODY): VelocityJob => (
    { template, body, params: PARAMETERS, context: { ...CONTEXT, responseOverride: { header: {} } } }
  );

  /** Both engines give the same text and the same status override. */
  function expectSame(jobs: readonly VelocityJob[]): void {
    const answers = velocity.answer(jobs);
    const differences = jobs.flatMap((job, index) => {
      const local = summary(renderLocally(job.template, job.body));
      const { text, context, error } = answers[index];
      const real = { text: text ?? `failed: ${error}`, status: context?.responseOverride?.status };
      return local.text === real.text && local.status === real.status ? [] : [{ job, local, real }];
    });
    expect(differences.slice(0, 5).map(({ job: { template, body }, ...texts }) => ({ template, body, ...texts }))).toEqual([]);
  }

  test('every feature of the subset gives the same text', () => {
    expectSame(FEATURES.map((template) => jobFor(template)));
  });

  test('random compositions give the same text, unless refused', () => {
    const fragment = fc.constantFrom(...FRAGMENTS);
    const block = fc.array(fragment, { maxLength: 5 }).map((parts) => parts.join(''));
    const conditional = fc.tuple(fc.constantFrom(...CONDITIONS), block, block, fc.constantFrom('\n', ' \n', ' ', ''))
      .map(([condition, yes, no, gap]) => `#if(${condition})${gap}${yes}#{else}${gap}${no}#end${gap}`);
    const loop = fc.tuple(block, fc.constantFrom('\n', ''))
      .map(([body, gap]) => `#foreach($item in ["u","v"])${gap}${body}$foreach.count#end${gap}`);
    const template = fc.array(fc.oneof(fragment, conditional, loop), { minLength: 1, maxLength: 8 }).map((parts) => `#set($x = "X")${parts.join('')}`);
    const templates = fc.sample(template, { numRuns: 8_000, seed: 20 });
    const accepted = templates.filter((source) => !isRefused(source));
    expect(accepted.length).toBeGreaterThan(3_000);
    expectSame(accepted.map((source) => jobFor(source)));
  });

  test('strings survive every function that quotes or splits them', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...NASTY) }));
    const bodies = fc.sample(text, { numRuns: 500, seed: 21 }).map((value) => JSON.stringify({ text: value }));
    expectSame(bodies.flatMap((body) => TEXT_TEMPLATES.map((template) => jobFor(template, body))));
  });

  test('the request template does not depend on how $input.json spells JSON', () => {
    const job = (body: string): VelocityJob => ({ ...jobFor(requestTemplate(STATE_MACHINE, CALLER, anySql().template), body), writer: 'json-smart' });
    const jobs = fc.sample(queryBody(), { numRuns: 500, seed: 23 }).map(job);
    velocity.answer(jobs).forEach(({ text }, index) => expectInput(text ?? '', jobs[index].body));
  });

  test('the request template is rendered alike, and the workflow input is exactly the body', () => {
    const template = requestTemplate(STATE_MACHINE, CALLER, anySql().template);
    const jobs = fc.sample(queryBody(), { numRuns: 1_500, seed: 22 }).map((body) => jobFor(template, body));
    const answers = velocity.answer(jobs);
    jobs.forEach(({ body }, index) => {
      expect(answers[index].text).toBe(renderLocally(template, body).text);
      expectExactInput(answers[index].text ?? '', body);
    });
  });

  test('the template of named queries is rendered alike, whatever the values are', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.constantFrom(...NASTY, ...INJECTIONS), { maxLength: 6 }).map((parts) => parts.join('')));
    const parameters = {
      t: QueryParameter.text(), i: QueryParameter.integer(), d: QueryParameter.date(), s: QueryParameter.timestamp(), b: QueryParameter.trueOrFalse(),
    };
    const { template: parts } = named({
      queries: { q: NamedQuery.of({ sql: "SELECT '$x #end \\$ \\\\# \"' FROM t WHERE t = :t AND i = :i AND d = :d AND s = :s AND b = :b", parameters }), other: NamedQuery.of({ sql: 'SELECT 1' }) },
    });
    const template = requestTemplate(STATE_MACHINE, CALLER, parts, { databaseChoice: { defaultDatabase: 'sales' } });
    const bodies = fc.sample(fc.tuple(value, fc.integer(), fc.boolean(), fc.constantFrom('q', 'other', 'none')), { numRuns: 500, seed: 24 }).map(([t, i, b, QueryName]) => (
      JSON.stringify({ QueryName, CallbackUrl: 'https://hooks.example.com/x', Parameters: { t, i, d: '2026-01-31', s: '2026-01-31T06:30:00', b } })
    ));
    expectSame(bodies.map((body) => jobFor(template, body)));
  });

  test('the template with formats is rendered alike, under any prefix', () => {
    const formats = [ResultFormat.json(), ResultFormat.csv(), ResultFormat.textFile({ fieldDelimiter: '#' })].map(({ _binding }) => _binding);
    const template = requestTemplate(STATE_MACHINE, CALLER, anySql().template, { formatChoice: { formats, location: "s3://bucket/it's!_.()-/" } });
    const bodies = fc.sample(fc.tuple(fc.constantFrom(...NASTY, ...INJECTIONS), fc.constantFrom('JSON', 'CSV', 'TEXTFILE', 'OTHER', undefined)), { numRuns: 300, seed: 25 })
      .map(([Query, format]) => JSON.stringify({ Query, CallbackUrl: 'https://hooks.example.com/x', ResultFormat: format }));
    expectSame(bodies.map((body) => jobFor(template, body)));
  });

  test('the response templates are rendered alike', () => {
    const exists = "Execution Already Exists: 'arn:aws:states:eu-west-1:111122223333:execution:W:AROAEXAMPLE_order-17'";
    const errors = ['ExecutionLimitExceeded', 'ExecutionAlreadyExists', 'InvalidName', 'ThrottlingException', 'AccessDeniedException', 'StateMachineDoesNotExist', 'InvalidExecutionInput'];
    const types = [...errors, ...errors.map((name) => `com.amazonaws.swf.service.v2.model#${name}`), 'ValidationException', 'x#ValidationException'];
    const bodies = types.flatMap((type) => ['', 'x', exists, 'Value at \'input\' failed: length'].map((message) => JSON.stringify({ __type: type, message })));
    expectSame([
      ...[...bodies, '{}', '{"message":"Unable to parse"}'].map((body) => jobFor(refusedTemplate({ managed: true }), body)),
      jobFor(failedTemplate(), '{}'),
      jobFor(manageTemplate('GetQuery', CALLER).replace('QueryId', 'id'), ''),
      ...['{}', '{"StatusCode":200,"Body":{"QueryId":"a\'b\\""}}', '{"errorMessage":"x","errorType":"y"}'].map((body) => jobFor(managedTemplate(), body)),
      jobFor(acceptedTemplate({ managed: true }), '{"executionArn":"arn:aws-cn:states:cn-north-1:111122223333:execution:Workflow:0b7e-4f","startDate":1.600000000123E9}'),
    ]);
  });
});

describe('request template in the local renderer', () => {
  test('10,000 bodies come through exactly, and nothing else does', () => {
    const template = new MappingTemplate(requestTemplate(STATE_MACHINE, CALLER, anySql().template));
    fc.assert(fc.property(queryBody(), (body) => expectExactInput(render(template, body).text, body)), { numRuns: 10_000 });
  });
});

/** Bodies as the request model lets them through, spelled in every way JSON allows. */
function queryBody(): fc.Arbitrary<string> {
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...NASTY), maxLength: 40 }),
    fc.array(fc.constantFrom(...NASTY, ...INJECTIONS), { maxLength: 6 }).map((parts) => parts.join('')),
  );
  const reference = fc.option(value.filter((text) => text !== ''), { nil: undefined });
  const key = fc.option(fc.stringMatching(new RegExp(`^${IDEMPOTENCY_KEY}$`)), { nil: undefined });
  const spelling = fc.constantFrom(spellPlain, spellEscaped, spellSpaced);
  const members = fc.tuple(value, value, reference, key);
  return fc.tuple(members, spelling, fc.boolean()).map(([[query, callbackUrl, clientReference, idempotencyKey], spell, swapped]) => {
    const given: Array<[string, string]> = [['Query', query], ['CallbackUrl', callbackUrl]];
    if (clientReference !== undefined) given.push(['ClientReference', clientReference]);
    if (idempotencyKey !== undefined) given.push(['IdempotencyKey', idempotencyKey]);
    return spell(swapped ? given.reverse() : given);
  });
}

function spellPlain(members: Array<[string, string]>): string {
  return JSON.stringify(Object.fromEntries(members));
}

/** Every character as \uXXXX, names included. */
function spellEscaped(members: Array<[string, string]>): string {
  const escaped = (text: string) => `"${text.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`;
  return `{${members.map(([name, value]) => `${escaped(name)}:${escaped(value)}`).join(',')}}`;
}

/** White space everywhere, and each member twice: the last one counts. */
function spellSpaced(members: Array<[string, string]>): string {
  const twice = members.flatMap(([name, value]) => [[name, 'first'], [name, value]]);
  return `\n{ ${twice.map((pair) => pair.map((part) => JSON.stringify(part)).join(' :\t')).join(' ,\r\n')} } `;
}

function inputOf(text: string): unknown {
  const request: { input: string } = JSON.parse(text);
  return JSON.parse(request.input);
}

function expectInput(text: string, body: string): void {
  const request: Record<string, string> = JSON.parse(text);
  const { IdempotencyKey, ...ApiRequest }: Record<string, string> = JSON.parse(body);
  const { input: _, ...rest } = request;
  expect(rest).toEqual({ stateMachineArn: STATE_MACHINE, ...(IdempotencyKey !== undefined && { name: `AROAEXAMPLE_${IdempotencyKey}` }) });
  expect(inputOf(text)).toEqual({ ApiRequest, Caller: { Id: 'AROAEXAMPLE' } });
}

function expectExactInput(text: string, body: string): void {
  expectInput(text, body);
  const request: { input: string } = JSON.parse(text);
  const input = inputOf(text);
  // One member of each name in the text, too: no duplicate hides behind the parsed value.
  expect(request.input.trimEnd().length).toBe(JSON.stringify(input).length - escapeLengthDifference(input, request.input));
}

/** JSON.stringify escapes half a surrogate pair, six characters for one; the template leaves it as it is. */
function escapeLengthDifference(input: unknown, actual: string): number {
  return (JSON.stringify(input).match(/\\ud[89a-f][0-9a-f]{2}/g)?.length ?? 0) * 5 - (actual.match(/\\uD[89A-F][0-9A-F]{2}/g)?.length ?? 0) * 5;
}

function renderLocally(source: string, body: string): RenderedTemplate {
  return render(new MappingTemplate(source), body);
}

function render(template: MappingTemplate, body: string): RenderedTemplate {
  return template.render({ body, parameters: PARAMETERS, context: CONTEXT, stageVariables: {} });
}

function summary({ text, overrides }: RenderedTemplate): { text: string; status?: number } {
  return { text, status: overrides.response.status };
}

function isRefused(source: string): boolean {
  try {
    renderLocally(source, BODY);
    return false;
  } catch (error) {
    if (error instanceof TemplateError) return true;
    throw error;
  }
}
