import { CommonConstruct, CommonProps, Facts, synthesise, variantsOf, withCommonProps } from './subject';
import { Resource } from '../template';

/** What a resource of the type has with `tracing`, and otherwise has not. */
const TRACED: Readonly<Record<string, object>> = {
  'AWS::ApiGateway::Stage': { TracingEnabled: true },
  'AWS::Lambda::Function': { TracingConfig: { Mode: 'Active' } },
  'AWS::StepFunctions::StateMachine': { TracingConfiguration: { Enabled: true } },
};

/** `tracing` goes to everything that can be traced. */
export function testTracing<Made extends CommonConstruct, Props extends CommonProps>(facts: Facts<Made, Props>): void {
  const traceable = (own: readonly Resource[]) => own.filter(({ Type }) => Type in TRACED);

  test.each(variantsOf(facts))('everything that can be traced is, or nothing: %s', (_name, variant) => {
    const on = traceable(synthesise(facts, withCommonProps(variant, { tracing: true })).own);
    expect(on.length).toBeGreaterThan(1);
    for (const { Type, Properties } of on) expect({ Type, Properties }).toMatchObject({ Type, Properties: TRACED[Type] });
    for (const tracing of [undefined, false]) {
      const off = traceable(synthesise(facts, withCommonProps(variant, { tracing })).own);
      expect(off.map(({ id }) => id)).toEqual(on.map(({ id }) => id));
      expect(off.flatMap(({ Type, Properties }) => Object.keys(TRACED[Type]).filter((name) => name in Properties))).toEqual([]);
    }
  });
}
