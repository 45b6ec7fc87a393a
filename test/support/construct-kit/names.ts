import { CommonConstruct, CommonProps, Facts, synthesise } from './subject';
import { plain, Resource } from '../template';

/** Properties that name a resource for the whole account and Region. */
const NAME = /^(Alarm|Bucket|Function|Group|LogGroup|Queue|Role|StateMachine|Table|Topic)?Name$/;

/** Their names count within their API only. */
const WITHIN_AN_API = /^AWS::ApiGateway::(Model|RequestValidator)$/;

/** Types and names of what has a name that somebody wrote. */
export function namesIn(resources: readonly Resource[]): string[] {
  return resources.filter(({ Type }) => !WITHIN_AN_API.test(Type)).flatMap(({ Type, Properties }) => (
    Object.entries(Properties).filter(([key]) => NAME.test(key)).map(([, name]) => `${Type} ${plain(name)}`)));
}

/** A name may be taken already, and what has one cannot be replaced. */
export function testNames<Made extends CommonConstruct, Props extends CommonProps>(facts: Facts<Made, Props>): void {
  test('nothing has a name but what must have one, and that keeps it', () => {
    expect(namesIn(synthesise(facts).own).sort()).toEqual(facts.named);
  });
}
