import fc from 'fast-check';
import { changed } from './definition-mutations';
import { newExecution } from './support';
import { validDefinitions } from './valid-definitions';
import { isObject, JsonObject, JsonValue } from '../../../local/json';
import { INTERNAL_ERROR, TaskFailure } from '../../../local/stepfunctions/interpreter/failure';

/** Fields that need a role or a storage, of which there is none in an interpreter by itself. */
const left = ['Credentials', 'ItemReader', 'ResultWriter'];

/** Without these, so that the rest runs. */
function runnable(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(runnable);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([field]) => !left.includes(field)).map(([field, item]) => [field, runnable(item)]));
}

const definitions = Object.values(validDefinitions).map(runnable);
const name = fc.constantFrom('a', 'b', 'c', 'd', 's', 't', 'h', 'i', 'm', 'Error', 'Cause');
const leaf = fc.constantFrom<JsonValue>(null, 0, 1, -1, 2.5, 1e9, 'text', '1', '2026-01-01T00:00:00Z', true);
const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(name, tie('value'), { maxKeys: 4 })),
}));

/** The interpreter by itself, over definitions that were changed at random; `not-implemented.test.ts` asks the same of the service with its integrations. */
test('a definition that is accepted never meets midway what the local cloud does not implement', async () => {
  let accepted = 0;
  const definition = fc.constantFrom(...definitions).chain((seed) => fc.oneof(fc.constant(seed), changed(seed), changed(seed).chain(changed)));
  await fc.assert(fc.asyncProperty(definition, value, fc.array(value, { minLength: 1, maxLength: 3 }), async (machine, input, answers) => {
    const execution = accept(machine, input, answers);
    if (execution === undefined) return;
    accepted++;
    const { error, cause } = await execution.run();
    expect({ error, cause }).not.toMatchObject({ error: INTERNAL_ERROR });
  }), { numRuns: 600 });
  expect(accepted).toBeGreaterThan(100);
});

/** An execution whose Tasks answer in turn; strings are errors. Undefined for a definition that is refused. */
function accept(machine: JsonValue, input: JsonValue, answers: readonly JsonValue[]): ReturnType<typeof newExecution> | undefined {
  const definition: JsonObject = isObject(machine) ? machine : {};
  let calls = 0;
  const task = async () => {
    const answer = answers[calls++ % answers.length];
    if (typeof answer === 'string') throw new TaskFailure(answer, 'made up');
    return answer;
  };
  try {
    return newExecution(definition, { input, task });
  } catch {
    return undefined;
  }
}
