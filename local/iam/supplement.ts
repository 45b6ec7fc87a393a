import { PolicyDocument } from '../aws/service';
import { isObject, JsonObject, JsonValue } from '../json';

/**
 * What AWS has and the evaluator's data lack. A question about it is asked in other words, in which the evaluator comes to the same answer: the words of
 * the request and of all policies are replaced alike.
 */

/**
 * Actions that the service authorization reference does not list, each with one that has the same resources and condition keys, and one that is neither.
 * `BatchGetTable` is seen in CloudTrail.
 */
const ACTIONS: Readonly<Record<string, { readonly standIn: string; readonly another: string }>> = {
  'glue:BatchGetTable': { standIn: 'glue:GetTable', another: 'glue:GetClassifier' },
};

/** Keys with a name of the caller's after the prefix, which the evaluator knows for tags only. No caller here has tags. */
const ENCRYPTION_CONTEXT = /^kms:EncryptionContext:(.+)$/i;

/** The action that the evaluator is asked about. */
export function knownAction(action: string): string {
  return ACTIONS[action]?.standIn ?? action;
}

/** The condition key that the evaluator is told. */
export function knownKey(key: string): string {
  const [, name] = ENCRYPTION_CONTEXT.exec(key) ?? [];
  return name === undefined ? key : `aws:PrincipalTag/${name}`;
}

/** The policy as the evaluator gets it for a question about the action. */
export function knownPolicy({ Statement, ...rest }: PolicyDocument, action: string): PolicyDocument {
  return { ...rest, Statement: [Statement].flat().map((statement) => (isObject(statement) ? knownStatement(statement, action) : statement)) };
}

/** Whether a pattern of a policy stands for an action. */
export function matchesAction(pattern: string, action: string): boolean {
  const expression = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 'i').test(action);
}

function knownStatement(statement: JsonObject, action: string): JsonObject {
  return {
    ...statement,
    ...actionsOf(statement, 'Action', action),
    ...actionsOf(statement, 'NotAction', action),
    ...isObject(statement.Condition) && { Condition: knownCondition(statement.Condition) },
  };
}

function actionsOf(statement: JsonObject, member: 'Action' | 'NotAction', action: string): JsonObject {
  const words = ACTIONS[action];
  const patterns = statement[member];
  if (words === undefined || patterns === undefined) return {};
  return { [member]: [patterns].flat().map((pattern) => (matchesAction(String(pattern), action) ? words.standIn : words.another)) };
}

function knownCondition(condition: JsonObject): JsonObject {
  const renamed = (keys: JsonValue): JsonValue => {
    if (!isObject(keys)) return keys;
    return Object.fromEntries(Object.entries(keys).map(([key, value]) => [knownKey(key), value]));
  };
  return Object.fromEntries(Object.entries(condition).map(([operator, keys]) => [operator, renamed(keys)]));
}
