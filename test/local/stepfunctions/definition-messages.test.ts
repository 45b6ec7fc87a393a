import { sequence, single, task } from './support';
import { JsonObject } from '../../../local/json';
import { printFault } from '../../../local/stepfunctions/definition/fault';
import { diagnose } from '../../../local/stepfunctions/definition/validate';
import { definitionFaults } from '../../support/definition-faults';

const lambdaArn = 'arn:aws:lambda:us-east-1:111122223333:function:f';
const inner = single({ Type: 'Pass' }, 'I');
const loop = { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } };
const map = (fields: JsonObject, processor: JsonObject = inner) => single({ Type: 'Map', ItemProcessor: processor, ...fields });
const distributed = (config: JsonObject) => ({ ...inner, ProcessorConfig: config });
const jsonata = (state: JsonObject) => ({ ...single(state), QueryLanguage: 'JSONata' });
const output = (expression: string) => jsonata({ Type: 'Pass', Output: `{% ${expression} %}` });
const choice = (rule: JsonObject) => ({ StartAt: 'C', States: { C: { Type: 'Choice', Choices: [rule], Default: 'S' }, S: { Type: 'Succeed' } } });
const invoke = (fields: JsonObject) => single(task(fields));

/**
 * What AWS said: to LocalStack's tests, to CloudFormation and CLI users who published it, to the projects floci (issues 2670, 2735, 2745, 2968, 3733)
 * and cdk-preflight (rules pf-sfn-asl-…), which measured it in August and September 2026.
 */
test.each<[string, object, readonly string[]]>([
  ['no fields', {}, ['SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /']],
  ['a field of another state', single({ Type: 'Pass', Retry: [] }), ['SCHEMA_VALIDATION_FAILED: Field \'Retry\' is not supported at /States/Only']],
  ['a field of the machine', { ...single({ Type: 'Pass' }), Colour: 1 }, ['SCHEMA_VALIDATION_FAILED: Field \'Colour\' is not supported at /']],
  ['another type', single({ Type: 'Pause' }), [
    'SCHEMA_VALIDATION_FAILED: The field \'Type\' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/Only/Type',
  ]],
  ['no choices', { StartAt: 'C', States: { C: { Type: 'Choice', Choices: [] }, S: { Type: 'Succeed' } } }, [
    'SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/C/Choices',
  ]],
  ['no field of choices', { StartAt: 'C', States: { C: { Type: 'Choice' } } }, ['SCHEMA_VALIDATION_FAILED: These fields are required: [Choices] at /States/C']],
  ['a rule to nowhere', choice({ Variable: '$.a', IsNull: true }), ['SCHEMA_VALIDATION_FAILED: These fields are required: [Next] at /States/C/Choices[0]']],
  ['a rule of nothing', choice({ Next: 'S' }), [
    'SCHEMA_VALIDATION_FAILED: The object must have only one of the following fields, [And, Or, Not, Variable, Condition] at /States/C/Choices[0]',
  ]],
  ['a rule of an inner target', choice({ Not: { Variable: '$.a', IsNull: true, Next: 'S' }, Next: 'S' }), [
    'SCHEMA_VALIDATION_FAILED: Field \'Next\' is not supported at /States/C/Choices[0]/Not',
  ]],
  ['no branches', single({ Type: 'Parallel', Branches: [] }), ['SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/Only/Branches']],
  ['two ways on', single({ Type: 'Pass', Next: 'Only' }), ['SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [Next, End] at /States/Only']],
  ['no way on', { StartAt: 'A', States: { A: { Type: 'Pass' } } }, [
    'SCHEMA_VALIDATION_FAILED: This object should have only one of the following fields: [Next, End] at /States/A',
  ]],
  ['two times', single({ Type: 'Wait', Seconds: 1, SecondsPath: '$.a' }), [
    'SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [SecondsPath, Seconds, TimestampPath, Timestamp] at /States/Only',
  ]],
  ['two numbers of items', map({ ItemReader: { Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: { InputType: 'JSON', MaxItems: 1, MaxItemsPath: '$.a' } } }), [
    'SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [MaxItems, MaxItemsPath] at /States/Only/ItemReader/ReaderConfig',
  ]],
  ['too little time', invoke({ Resource: lambdaArn, TimeoutSeconds: 0 }), ['SCHEMA_VALIDATION_FAILED: Minimum value is 1 at /States/Only/TimeoutSeconds']],
  ['too large a share', map({ ToleratedFailurePercentage: 101 }), ['SCHEMA_VALIDATION_FAILED: Maximum value is 100.0 at /States/Only/ToleratedFailurePercentage']],
  ['a number of the context object', map({ MaxConcurrencyPath: '$$.Execution.Input.n' }), ['SCHEMA_VALIDATION_FAILED: Value is not a Reference Path at /States/Only/MaxConcurrencyPath']],
  ['no path', single({ Type: 'Pass', InputPath: 'a' }), ['SCHEMA_VALIDATION_FAILED: Value must be a valid JSONPath. at /States/Only/InputPath']],
  ['no time', single({ Type: 'Wait', Timestamp: '2016-12-05 21:29:29Z' }), ['SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp at /States/Only/Timestamp']],
  ['a text for a number', invoke({ Resource: lambdaArn, TimeoutSeconds: '1' }), ['SCHEMA_VALIDATION_FAILED: Expected value of type Integer at /States/Only/TimeoutSeconds']],
  ['too few arguments', single({ Type: 'Pass', Parameters: { 'a.$': 'States.MathAdd(1)' } }), [
    'SCHEMA_VALIDATION_FAILED: The value for the field \'a.$\' must be a valid JSONPath or a valid intrinsic function call at /States/Only/Parameters',
  ]],
  ['all errors first', invoke({ Resource: lambdaArn, Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['A'] }] }), [
    'SCHEMA_VALIDATION_FAILED: States.ALL must appear alone and at end of list at /States/Only/Retry[0]/ErrorEquals',
  ]],
  ['distributed without a type', map({}, distributed({ Mode: 'DISTRIBUTED' })), [
    'SCHEMA_VALIDATION_FAILED: These fields are required: [ExecutionType] at /States/Only/ItemProcessor/ProcessorConfig',
  ]],
  ['inline with a type', map({}, distributed({ Mode: 'INLINE', ExecutionType: 'STANDARD' })), [
    'SCHEMA_VALIDATION_FAILED: Field \'ExecutionType\' is not supported at /States/Only/ItemProcessor/ProcessorConfig',
  ]],
  ['a language of a processor', map({}, { ...inner, QueryLanguage: 'JSONata' }), ['SCHEMA_VALIDATION_FAILED: Field \'QueryLanguage\' is not supported at /States/Only/ItemProcessor']],
  ['a field of JSONata', single({ Type: 'Pass', Output: 1 }), [
    'SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to \'JSONPath\', but field \'Output\' is only supported for the \'JSONata\' QueryLanguage at /States/Only',
  ]],
  ['a field of JSONata, in a state of a state of JSONata', map({ QueryLanguage: 'JSONata' }, single({ Type: 'Pass', Output: 1 }, 'P')), [
    'SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to \'JSONPath\', but field \'Output\' is only supported for the \'JSONata\' QueryLanguage at /States/Only/ItemProcessor/States/P',
  ]],
  ['a misspelt language', single({ Type: 'Pass', QueryLanguage: 'jsonata', InputPath: '$.a' }), [
    'SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to \'JSONata\', but field \'InputPath\' is only supported for the \'JSONPath\' QueryLanguage at /States/Only',
    'SCHEMA_VALIDATION_FAILED: Value should be one of the following: [JSONPath, JSONata] at /States/Only/QueryLanguage',
  ]],
  ['a language that is none', { ...single({ Type: 'Pass' }), QueryLanguage: 5 }, ['SCHEMA_VALIDATION_FAILED: Expected value of type [STRING] at /QueryLanguage']],
  ['JSONPath in JSONata', jsonata({ Type: 'Map', QueryLanguage: 'JSONPath', MaxConcurrency: -1, ItemProcessor: inner }), [
    'SCHEMA_VALIDATION_FAILED: \'QueryLanguage\' can not be \'JSONPath\' if set to \'JSONata\' for whole state machine at /States/Only',
    'SCHEMA_VALIDATION_FAILED: Minimum value is 0 at /States/Only/MaxConcurrency',
  ]],
  ['an expression without its end', jsonata({ Type: 'Pass', Output: '{% 1' }), ['SCHEMA_VALIDATION_FAILED: JSONata string must start with {% and end with %} at /States/Only/Output']],
  ['no end', { StartAt: 'A', States: loop }, ['MISSING_END_STATE: Workflow has no terminal state at null']],
  ['an end that nothing leads to', { StartAt: 'A', States: { ...loop, C: { Type: 'Pass', End: true } } }, ['MISSING_TRANSITION_TARGET: State "C" is not reachable. at /States/C']],
  ['a target that is not there', { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'NOPE' } } }, [
    'MISSING_TRANSITION_TARGET: Missing \'Next\' target: NOPE at /States/A/Next', 'MISSING_END_STATE: Workflow has no terminal state at null',
  ]],
  ['a target that is not there, and one too many', { StartAt: 'pass1', States: { pass1: { Type: 'Pass', Next: 'pass3' }, pass2: { Type: 'Pass', End: true } } }, [
    'MISSING_TRANSITION_TARGET: Missing \'Next\' target: pass3 at /States/pass1/Next', 'MISSING_TRANSITION_TARGET: State "pass2" is not reachable. at /States/pass2',
  ]],
  ['a start that is not there', { ...single({ Type: 'Pass' }), StartAt: 'Not sure' }, [
    'MISSING_TRANSITION_TARGET: Missing \'Next\' target: Not sure at /StartAt', 'MISSING_TRANSITION_TARGET: State "Only" is not reachable. at /States/Only',
  ]],
  ['a default that is not there', { StartAt: 'A', States: { A: { Type: 'Choice', Choices: [{ Variable: '$.x', IsPresent: true, Next: 'Z' }], Default: 'Ghost' }, Z: { Type: 'Pass', End: true } } }, [
    'MISSING_TRANSITION_TARGET: Missing \'Next\' target: Ghost at /States/A/Default',
  ]],
  ['a loop inside', map({}, { StartAt: 'A', States: loop }), []],
  ['a name twice', sequence({ A: { Type: 'Pass' }, B: { Type: 'Parallel', Branches: [single({ Type: 'Pass' }, 'A')] } }), [
    'DUPLICATE_STATE_NAME: Duplicate State name: A at /States/B/Branches[0]/States/A',
  ]],
  ['a name too long', { StartAt: 'n'.repeat(81), States: { ['n'.repeat(81)]: { Type: 'Succeed' } } }, [
    `INVALID_STATE_NAME: Invalid State name: State '${'n'.repeat(81)}' exceeds the 80-character limit allowed by the service at /States/${'n'.repeat(81)}`,
  ]],
  ['a reserved variable', single({ Type: 'Pass', Assign: { states: 1 } }), ['RESERVED_VARIABLE_NAME: Cannot assign to reserved variable \'$states\'. at /States/Only/Assign/states']],
  ['an expression that ends too soon', output('1 +'), ['INVALID_JSONATA_EXPRESSION: Unexpected end of expression at /States/Only/Output']],
  ['an expression with the wrong bracket', output('a[1,2)'), ['INVALID_JSONATA_EXPRESSION: Expected "]", got "," at /States/Only/Output']],
  ['the root of an expression', output('$$'), ['UNSUPPORTED_JSONATA_EXPRESSION: Reference to \'$$\' is not supported. at /States/Only/Output']],
  ['an error where there is none', output('$states.errorOutput'), ['UNSUPPORTED_JSONATA_EXPRESSION: Field \'$states.errorOutput\' does not exist. at /States/Only/Output']],
  ['a name without a context', jsonata({ Type: 'Pass', Output: { v: '{% phone %}' } }), [
    'UNSUPPORTED_JSONATA_EXPRESSION: Reference to \'phone\' at the top level is not supported. at /States/Only/Output/v',
  ]],
  ['no ARN', invoke({ Resource: 'f' }), ['SCHEMA_VALIDATION_FAILED: Value is not a valid resource ARN at /States/Only/Resource']],
  ['a call that AWS does not have', invoke({ Resource: 'arn:aws:states:::dynamodb:query', Parameters: {} }), [
    'SCHEMA_VALIDATION_FAILED: The resource provided arn:aws:states:::dynamodb:query is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. at /States/Only/Resource',
  ]],
  ['a call without parameters', invoke({}), ['SCHEMA_VALIDATION_FAILED: Parameters field is required for resource ARN: arn:aws:states:::lambda:invoke at /States/Only/Resource']],
  ['credentials without a role', invoke({ Resource: lambdaArn, Credentials: { Other: 'x' } }), ['SCHEMA_VALIDATION_FAILED: The field \'RoleArn\' is required but was missing at /States/Only/Credentials']],
])('%s', (_, definition, faults) => {
  expect(definitionFaults(definition)).toEqual(faults);
});

test.each<[string, JsonObject, string]>([
  ['a token', invoke({ Resource: 'arn:aws:states:::sns:publish.waitForTaskToken', Parameters: { Message: 'm' } }),
    'SCHEMA_VALIDATION_FAILED: Express state machine does not support \'.waitForTaskToken\' service integration  at /States/Only/Resource'],
  ['a job', invoke({ Resource: 'arn:aws:states:::states:startExecution.sync', Parameters: { StateMachineArn: 'a' } }),
    'SCHEMA_VALIDATION_FAILED: Express state machine does not support \'.sync\' service integration at /States/Only/Resource'],
  ['an activity', invoke({ Resource: 'arn:aws:states:us-east-1:111122223333:activity:a' }),
    'SCHEMA_VALIDATION_FAILED: Express state machine does not support Activity ARN at /States/Only/Resource'],
  ['a distributed Map', map({}, distributed({ Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' })),
    'SCHEMA_VALIDATION_FAILED: The field \'Mode\' with value \'DISTRIBUTED\' is not supported inside \'EXPRESS\' state machines at /States/Only/ItemProcessor/ProcessorConfig/Mode'],
])('an Express machine has no %s', (_, definition, fault) => {
  expect(definitionFaults(definition, 'EXPRESS')).toEqual([fault]);
});

test.each<[string, readonly string[]]>([
  [' ', ['SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null']],
  ['[]', ['SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null']],
  ['not a definition', [
    'INVALID_JSON_DESCRIPTION: Unrecognized token \'not\': was expecting (JSON String, Number, Array, Object or token \'null\', \'true\' or \'false\')\n at [Source: (String)"not a definition"; line: 1, column: 4] at [Source: (String)"not a definition"; line: 1, column: 4]',
  ]],
])('the text %j', (text, faults) => {
  expect(diagnose(text, { supports: () => true }).map(printFault)).toEqual(faults);
});

test.each([
  '$states.input.a', '$x.a[b = 1].c', '$map($states.input, function($v) { $v.name })', '$states.input.{"a": b}', '$states.input^(>p)', '$x ~> |a|{"b": c}|',
  '$states.input{k: v}', '$states.context.Execution.Id', '($y := 1; $y)', '$states.input.(a + b)', '$x[a = 1]', '$x{k: v}',
])('the expression %s has a context for its names', (expression) => {
  expect(definitionFaults(output(expression))).toEqual([]);
});

test.each([
  'a', '$map($states.input, function($v) { name })', '[1..n]', '$x = a', '{"a": b}', '$f(a)', 'a ? 1 : 2', '-a',
])('the expression %s has none', (expression) => {
  expect(definitionFaults(output(expression)).join()).toContain('at the top level is not supported');
});
