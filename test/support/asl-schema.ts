import { createRequire } from 'node:module';
import Ajv, { Options } from 'ajv';
import validateAsl from 'asl-validator';

/** The module of which asl-validator takes its Ajv when it makes one. */
const ajv: { default: typeof Ajv | ((options: Options) => Ajv) } = createRequire(__filename)('ajv');
const OwnAjv = Ajv;

/** All definitions get the first of these, so a keyword is added again and again. */
class SharedAjv extends OwnAjv {
  addKeyword(...[keyword, definition]: Parameters<Ajv['addKeyword']>): Ajv {
    const names = typeof keyword === 'object' ? [keyword.keyword].flat() : [];
    return names.some((name) => this.getKeyword(name) !== false) ? this : super.addKeyword(keyword, definition);
  }
}

export interface AslChecks {
  readonly checkPaths: boolean;
  readonly checkArn: boolean;
}

/** The checks are compiled in. */
const shared = new Map<string, Ajv>();

/**
 * What the package `asl-validator` has against a definition; undefined: nothing. It changes the definition.
 *
 * The package compiles its schemas again for each definition, which takes longer than most executions: here all share what was compiled
 * for the first one.
 */
export function aslProblem(definition: object, checks: AslChecks = { checkPaths: true, checkArn: true }): string | undefined {
  const key = JSON.stringify(checks);
  ajv.default = function sharedAjv(options: Options): Ajv {
    const known = shared.get(key) ?? new SharedAjv({ ...options, code: { optimize: false } });
    shared.set(key, known);
    return known;
  };
  try {
    const { isValid, errorsText } = validateAsl(definition, checks);
    return isValid ? undefined : errorsText(', ');
  } finally {
    ajv.default = OwnAjv;
  }
}
