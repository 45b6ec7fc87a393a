import { isObject } from '../../../json';
import { DefinitionFault } from '../fault';
import { payload } from '../jsonata/expression';
import { template } from '../paths';
import { inside, Place, Rule, typeFault } from '../table';

/** Longest name of a variable. Source: developer guide, "Passing data between states with variables". */
const MAX_NAME_LENGTH = 80;

/** Variables and what they are set to; `offers` names what `$states` has here. */
export function assign(...offers: readonly string[]): Rule {
  return function* checkAssign(value, place) {
    if (!isObject(value)) return yield typeFault('[OBJECT]', place);
    for (const field of Object.keys(value)) yield* checkName(place.language === 'JSONPath' ? field.replace(/\.\$$/, '') : field, inside(place, field));
    yield* (place.language === 'JSONPath' ? template : payload(...offers))(value, place);
  };
}

function* checkName(name: string, { pointer }: Place): Generator<DefinitionFault> {
  if (name === 'states') {
    yield { code: 'RESERVED_VARIABLE_NAME', message: 'Cannot assign to reserved variable \'$states\'.', pointer };
  } else if (!/^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(name)) {
    yield invalidName(`Invalid variable name '${name}': the variable name contains invalid characters.`, pointer);
  } else if (name.length > MAX_NAME_LENGTH) {
    yield invalidName(`Invalid variable name '${name}': the variable name exceeds the ${MAX_NAME_LENGTH}-character limit.`, pointer);
  }
}

function invalidName(message: string, pointer: string): DefinitionFault {
  return { code: 'INVALID_VARIABLE_NAME', message, pointer };
}
