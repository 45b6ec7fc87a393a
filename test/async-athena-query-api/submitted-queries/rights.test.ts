import { isObject, JsonObject, JsonValue } from '../../../local/json';
import { AsyncAthenaQueryApiProps, NamedQuery, QueryParameter, SubmittedQueries } from '../../../src';
import { synth } from '../../support/synth-queries';

const ONE = NamedQuery.of({ sql: 'SELECT * FROM t WHERE d = :d', parameters: { d: QueryParameter.date() } });
const NAMED = SubmittedQueries.named({ queries: { one: ONE } });
const DATABASES = ['sales_eu', 'sales_us'];

/** Everything that is allowed or denied, by the name of the policy or role. */
function policiesOf(props: AsyncAthenaQueryApiProps): JsonObject {
  const { template } = synth(() => props);
  const found = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Role'].flatMap((type) => Object.entries(template.findResources(type)));
  return Object.fromEntries(found.map(([id, { Properties }]) => [id, Properties]));
}

/** Takes the statements out of policies that allow this action and no other. */
function split(value: JsonValue, action: string, taken: JsonValue[] = []): { rest: JsonValue; taken: JsonValue[] } {
  if (Array.isArray(value)) {
    const kept = value.filter((item) => {
      const fits = isObject(item) && item.Action === action;
      if (fits) taken.push(item);
      return !fits;
    });
    return { rest: kept.map((item) => split(item, action, taken).rest), taken };
  }
  if (!isObject(value)) return { rest: value, taken };
  return { rest: Object.fromEntries(Object.entries(value).map(([name, item]) => [name, split(item, action, taken).rest])), taken };
}

test('named queries give no role a right more, or less', () => {
  expect(policiesOf({ submittedQueries: NAMED })).toEqual(policiesOf({}));
  expect(policiesOf({ submittedQueries: NAMED, databases: DATABASES })).toEqual(policiesOf({ databases: DATABASES }));
});

test('a choice of databases gives the query role the right to look at these databases, and no other', () => {
  const [without, chosen] = [policiesOf({}), policiesOf({ databases: DATABASES })].map((policies) => split(policies, 'glue:GetDatabase'));
  expect(chosen.rest).toEqual(without.rest);
  const text = JSON.stringify(chosen.taken);
  expect([...text.matchAll(/:(catalog|database\/\w+)"/g)].map(([, name]) => name)).toEqual(['catalog', 'database/default', 'database/sales_eu', 'database/sales_us']);
});
