import { single } from './support';
import { ServiceError } from '../../../local/aws/service';
import { VirtualClock } from '../../../local/clock';
import { JsonObject } from '../../../local/json';
import { StepFunctionsService } from '../../../local/stepfunctions/service';

const environment = { accountId: '111122223333', region: 'eu-west-1', partition: 'aws', urlSuffix: 'amazonaws.com' };
const service = new StepFunctionsService({ environment, clock: new VirtualClock(0), authorize: async () => undefined });
const validate = async (definition: object | string, others: JsonObject = {}) => (
  service.call('ValidateStateMachineDefinition', { definition: typeof definition === 'string' ? definition : JSON.stringify(definition), ...others }, { caller: {} })
);

const threeFaults = { ...single({ Type: 'Pass', InputPath: '$.a', OutputPath: '$.b', ResultPath: '$.c' }), QueryLanguage: 'JSONata' };

test('what can be created is OK, even what is not implemented here', async () => {
  expect(await validate(single({ Type: 'Pass' }))).toEqual({ result: 'OK', diagnostics: [], truncated: false });
  expect(await validate(single({ Type: 'Pass' }), { type: 'EXPRESS', severity: 'ERROR' })).toEqual({ result: 'OK', diagnostics: [], truncated: false });
  expect(await validate({ ...single({ Type: 'Pass', Output: '{% 1 %}' }), QueryLanguage: 'JSONata' })).toMatchObject({ result: 'OK' });
});

test('every fault is a diagnostic with its place, where it has one', async () => {
  expect(await validate(single({ Type: 'Pass', InputPath: 'a' }))).toEqual({
    result: 'FAIL',
    diagnostics: [{ severity: 'ERROR', code: 'SCHEMA_VALIDATION_FAILED', message: 'Value must be a valid JSONPath.', location: '/States/Only/InputPath' }],
    truncated: false,
  });
  const loop = { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'A' } } };
  expect(await validate(loop)).toEqual({
    result: 'FAIL', diagnostics: [{ severity: 'ERROR', code: 'MISSING_END_STATE', message: 'Workflow has no terminal state' }], truncated: false,
  });
});

test.each([[undefined, 3, false], [0, 3, false], [3, 3, false], [2, 2, true]])('of three faults, with maxResults %p come %i', async (maxResults, count, truncated) => {
  const answer = await validate(threeFaults, maxResults === undefined ? {} : { maxResults });
  expect([answer.diagnostics instanceof Array && answer.diagnostics.length, answer.truncated]).toEqual([count, truncated]);
});

test.each<[string, string, JsonObject]>([
  ['no definition', '', {}],
  ['a definition that is too long', ' '.repeat(1_048_577), {}],
  ['too many results', '{}', { maxResults: 101 }],
  ['another type', '{}', { type: 'FAST' }],
])('%s is a ValidationException', async (_, definition, others) => {
  await expect(validate(definition, others)).rejects.toMatchObject({ code: 'ValidationException' });
  await expect(validate(definition, others)).rejects.toBeInstanceOf(ServiceError);
});

test('warnings are not implemented', async () => {
  await expect(validate('{}', { severity: 'WARNING' })).rejects.toThrow('does not implement severity "WARNING"');
});
