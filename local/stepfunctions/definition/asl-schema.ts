import { createRequire } from 'node:module';
import Ajv, { Options } from 'ajv';
import validateAsl from 'asl-validator';
import { JsonObject } from '../../json';

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

let shared: Ajv | undefined;

/**
 * What the package `asl-validator` has against a definition; undefined: nothing. It changes the definition.
 *
 * The package compiles its schemas anew for each definition, which takes longer than the execution of most: here all share what was compiled
 * for the first one.
 */
export function aslProblem(definition: JsonObject): string | undefined {
  ajv.default = function sharedAjv(options: Options): Ajv {
    shared ??= new SharedAjv({ ...options, code: { optimize: false } });
    return shared;
  };
  try {
    // Our own checks read paths and Resources as AWS does.
    const { isValid, errorsText } = validateAsl(definition, { checkPaths: false, checkArn: false });
    return isValid ? undefined : errorsText(', ');
  } finally {
    ajv.default = OwnAjv;
  }
}
