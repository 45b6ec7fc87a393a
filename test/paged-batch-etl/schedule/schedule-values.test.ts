import { Stack, Token } from 'aws-cdk-lib';
import { typedValues } from '../../../src/paged-batch-etl/schedule/schedule-values';

const PARAMETERS = { tenant: { rule: { type: 'text' } }, least: { rule: { type: 'integer' } } } as const;

test.each<[string, unknown]>([['5', 5], ['-5', -5], ['9007199254740991', 9_007_199_254_740_991], ['five', 'five'], ['5.5', '5.5'], ['', ''], ['1e3', '1e3']])(
  'the text %p of an integer is handed on as %p', (least, value) => {
    expect(typedValues({ least }, PARAMETERS)).toEqual({ least: value });
  },
);

test('other parameters keep the text, and so does a name that is no parameter', () => {
  expect(typedValues({ tenant: '5', constructor: '5' }, PARAMETERS)).toEqual({ tenant: '5', constructor: '5' });
});

test('what is known at deployment only is a number in the JSON, for an integer', () => {
  const values = typedValues({ least: Token.asString({ Ref: 'Least' }), tenant: Token.asString({ Ref: 'Tenant' }) }, PARAMETERS);
  const text: unknown = new Stack().resolve(new Stack().toJsonString(values));
  expect(text).toEqual({ 'Fn::Join': ['', ['{"least":', { Ref: 'Least' }, ',"tenant":"', { Ref: 'Tenant' }, '"}']] });
});
