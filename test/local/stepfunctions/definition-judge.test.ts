import fc from 'fast-check';
import { changed, mutations, Path, placesIn } from './definition-mutations';
import { validDefinitions } from './valid-definitions';
import { isObject, JsonObject, JsonValue } from '../../../local/json';
import { printFault } from '../../../local/stepfunctions/definition/fault';
import { diagnose } from '../../../local/stepfunctions/definition/validate';
import { aslProblem } from '../../support/asl-schema';

/** Where the two judges differ, and who is right. */
interface Explained {
  readonly why: string;
  /** What the only one that refuses says. */
  readonly says: RegExp;
}

/** Refused here, accepted by asl-validator: its schemas end above these. */
const ONLY_OURS: readonly Explained[] = [
  { why: 'fields of retriers, catchers, rules and everything else inside a state', says: /Field '\w+' is not supported at \/States/ },
  { why: 'the kinds of values inside a state', says: /Expected value of type (\[\w+\]|Integer) at \// },
  { why: 'lists need an entry', says: /Value cannot be empty at .*(ErrorEquals|CSVHeaders|Branches)$/ },
  { why: 'texts of which only some exist', says: /(Value should be one of the following: \[(1\.0|NONE, FULL|NONE, COMPACT, FLATTEN|JSON, JSONL|FIRST_ROW, GIVEN|COMMA)|'InputType' should have)/ },
  { why: 'values that are read from paths and functions', says: /The value for the field '[\w.]+\$?' must be a valid JSONPath/ },
  { why: 'what a Map calls to read and write', says: /The field 'Resource' does not match any of the allowed values/ },
  { why: 'credentials need a role, and nothing else', says: /The field '\w+' is (required but was missing|not supported by Step Functions) at .*Credentials$/ },
  { why: 'what is read, and what comes with CSV', says: /(The field '(CSVHeaderLocation|InputType)' is required but was missing|These fields are required: \[CSVHeaders\]) at .*ReaderConfig$/ },
  { why: 'how results are written, and a batch needs a limit', says: /(These fields are required: .*WriterConfig|This object should have at least one of .*ItemBatcher)$/ },
  { why: 'timestamps inside rules', says: /String does not match RFC3339 timestamp at .*Choices/ },
  { why: 'heartbeats within the time-out', says: /HeartbeatSeconds must be smaller than TimeoutSeconds/ },
  { why: 'ranges of numbers in retriers', says: /M(in|ax)imum value is [\d.]+ at .*Retry/ },
  { why: 'the largest number of seconds', says: /Maximum value is 99999999 at / },
  { why: 'where the result of a failure goes', says: /Value is not a Reference Path.* at .*ResultPath$/ },
  { why: 'what a label may hold', says: /INVALID_LABEL_NAME/ },
  { why: 'what an expression may read, and whether it is one', says: /(IN|UN)\w+_JSONATA_EXPRESSION|JSONata string must start with/ },
];

/** Refused by asl-validator, accepted here, for AWS accepts it. */
const ONLY_THEIRS: readonly Explained[] = [
  { why: 'recorded: the output may be any JSON (jsonata-output-any-value)', says: /\/Output is invalid/ },
  { why: 'specification: arguments are any JSON', says: /\/States\/\w+\/Arguments is invalid/ },
  { why: 'specification: items and the input of batches are any JSON in JSONata', says: /\/(ItemSelector|BatchInput)(\/0)? is invalid/ },
  { why: 'recorded: a condition may be true or false (choice-jsonata-constant-condition)', says: /Condition is invalid\. must be string/ },
  { why: 'developer guide: the mode is INLINE where none is named', says: /ProcessorConfig is invalid/ },
  { why: 'aws-cdk pull request 33831: AWS accepts a writer without a destination', says: /ResultWriter is invalid\. must have required property 'Resource'/ },
  { why: 'measured: AWS names 0.0 and 100.0 as the limits of the percentage', says: /ToleratedFailurePercentage is invalid/ },
];

function ours(definition: JsonObject): string[] {
  return diagnose(JSON.stringify(definition), { supports: () => true }).map(printFault);
}

/** The package throws for some of what it refuses. */
function theirs(definition: JsonObject): string | undefined {
  try {
    return aslProblem(JSON.parse(JSON.stringify(definition)));
  } catch (error) {
    return String(error);
  }
}

/** The entry that explains why the judges differ, or what they say where none does; undefined where they agree. */
function difference(definition: JsonValue): Explained | string | undefined {
  if (!isObject(definition)) return undefined;
  const [faults, problem] = [ours(definition), theirs(definition)];
  if ((faults.length > 0) === (problem !== undefined)) return undefined;
  if (problem === undefined) return ONLY_OURS.find(({ says }) => faults.some((fault) => says.test(fault))) ?? `only ours: ${faults.join(', ')}`;
  return ONLY_THEIRS.find(({ says }) => says.test(problem)) ?? `only theirs: ${problem}`;
}

test.each(Object.entries(validDefinitions))('both judges accept %s', (_, definition) => {
  expect([ours(definition), theirs(definition)]).toEqual([[], undefined]);
});

test('one change anywhere: where the judges differ is known, and each known difference exists', () => {
  const found = new Set<Explained | string>();
  for (const definition of Object.values(validDefinitions)) {
    for (const path of placesIn(definition)) {
      for (const mutated of mutations(definition, path)) {
        const different = difference(mutated);
        if (different !== undefined) found.add(different);
      }
    }
  }
  expect([...found].filter((entry) => typeof entry === 'string')).toEqual([]);
  expect([...ONLY_OURS, ...ONLY_THEIRS].filter((entry) => !found.has(entry))).toEqual([]);
});

test('two changes', () => {
  const twice = fc.constantFrom(...Object.values(validDefinitions)).chain((definition) => changed(definition).chain(changed));
  fc.assert(fc.property(twice, (definition) => {
    expect(typeof difference(definition)).not.toBe('string');
  }), { numRuns: 500 });
});

/** Fields whose values are free JSON. */
const payloads: Path = ['Parameters', 'Result', 'ResultSelector', 'Output', 'Arguments', 'ItemSelector', 'BatchInput', 'Assign', 'Items'];

test('no object takes a field that it does not know', () => {
  const pointerOf = (path: Path) => path.map((step) => (typeof step === 'number' ? `[${step}]` : `/${step}`)).join('');
  let objects = 0;
  for (const definition of Object.values(validDefinitions)) {
    const places = placesIn(definition).filter((path) => !path.some((step) => payloads.includes(step)) && path[path.length - 1] !== 'States');
    for (const path of places) {
      const [more] = mutations(definition, path);
      if (JSON.stringify(more) === JSON.stringify(definition) || !isObject(more)) continue;
      objects++;
      const words = path[path.length - 1] === 'Credentials' ? 'The field \'Colour\' is not supported by Step Functions' : 'Field \'Colour\' is not supported';
      expect(ours(more)).toContain(`SCHEMA_VALIDATION_FAILED: ${words} at ${pointerOf(path) === '' ? '/' : pointerOf(path)}`);
    }
  }
  expect(objects).toBeGreaterThan(80);
});
