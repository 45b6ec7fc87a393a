import { MappingTemplate } from '../../../../local/apigateway/vtl/mapping-template';
import { TemplateError } from '../../../../local/apigateway/vtl/template-error';

// What the renderer gives for the whole subset is compared with Apache Velocity in test/velocity; here is what that comparison cannot show.

function render(template: string, body: string = '{}'): string {
  const parameters = { path: { id: 'p' }, querystring: { 'id': 'q', 'a b': 'c' }, header: { 'x-name': 'n' } };
  const context = { stage: 'prod', identity: { sourceIp: '127.0.0.1' }, requestTimeEpoch: 1_600_000_000_000n };
  return new MappingTemplate(template).render({ body, parameters, context, stageVariables: { table: 't' } }).text;
}

describe('refused before rendering, whatever the path', () => {
  test.each([
    ['a variable that is never set', '#if(false)$nope#end', '$nope: $nope is never set'],
    ['a hyphen that Velocity takes for part of the name', '#set($a = 1)$a-', '$a- is never set'],
    ['text that Velocity drops behind a method', '#set($a = "b")$a.length()text.more', 'a letter directly behind a method'],
    ['a #set whose blanks Velocity drops', '#set($a = "b")$a #set($a = "c")', '#set or -! directly behind a reference'],
    ['a bracket that Velocity takes for an index', '#set($a = "b")$a#if(true)[x]#end', 'Velocity takes it for an index'],
    ['#stop', 'a #stop', '#stop is not implemented'],
    ['#macro', '#macro(m)x#end', '#macro is not implemented'],
    ['#parse', '#parse("x")', '#parse is not implemented'],
    ['#break', '#foreach($a in [1])#break#end', '#break is not implemented'],
    ['unparsed text', '#[[x]]#', 'begins no reference, directive or comment'],
    ['an escaped reference', '#set($x = 1)\\$x', 'a backslash before a reference'],
    ['a lone dollar', 'costs $5', 'a $ or # that begins no reference'],
    ['a backslash before a quote in a string', '#set($s = "a\\"b")', 'expected )'],
    ['a Unicode escape in a string', '#set($s = "\\u0041")', '\\u in a string'],
    ['decimals', '#set($x = 1.5)', 'a number with decimals'],
    ['a minus that is none', '#set($x = 2 -1)', '- directly before a digit'],
    ['#set of a provided object', '#set($input = 1)', '#set of $input'],
    ['a missing #end', '#if(true)x', '#end is missing'],
    ['an #end too many', 'x#end', '#end without its beginning'],
  ])('%s', (_, template, message) => {
    expect(() => new MappingTemplate(template)).toThrow(TemplateError);
    expect(() => new MappingTemplate(template)).toThrow(message);
  });
});

describe('refused while rendering, because API Gateway might do otherwise', () => {
  test.each([
    ['a JavaScript method of a string', '#set($s = "a")$s.padStart(3)', '{}', 'method padStart of a string'],
    ['a JavaScript property of a string', '#set($s = "a")$s.length', '{}', 'property length of a string'],
    ['a method of a list that arrays lack', '$input.path(\'$.a\').split(\',\').add("x")', '{"a":"b"}', 'method add of a array'],
    ['an unknown function of $util', '$util.toJson("a")', '{}', '$util.toJson() is not implemented'],
    ['an unknown variable of $context', '$context.authorizer.claims', '{}', '$context.authorizer is not implemented'],
    ['an unknown part of a known variable', '$context.identity.cognitoIdentityId', '{}', '$context.identity.cognitoIdentityId'],
    ['a printed map', '$input.path(\'$.a\')', '{"a":{}}', 'prints a map'],
    ['a printed list', '$input.path(\'$.a\')', '{"a":[1]}', 'prints a list'],
    ['a null for $input.json', '$input.json(\'$.a\')', '{"a":null}', 'of a null'],
    ['an empty body', '$input.json(\'$\')', '', 'an empty body'],
    ['a body that is not JSON', '$input.json(\'$\')', 'a=b', 'not JSON'],
    ['a wildcard', '$input.json(\'$.a[*]\')', '{"a":[1]}', 'only $, .name'],
    ['a deep scan', '$input.path(\'$..a\')', '{"a":[1]}', 'only $, .name'],
    ['a number that Java spells otherwise', '$input.json(\'$\')', '{"a":1.10}', 'the number 1.10'],
    ['a number with an exponent', '$input.json(\'$\')', '{"a":1e3}', 'the number 1e3'],
    ['the truth of an empty string', '#if($input.path(\'$.a\'))x#end', '{"a":""}', 'an empty or zero string'],
    ['the truth of zero', '#if($input.path(\'$.a\'))x#end', '{"a":0}', 'an empty or zero integer'],
    ['a comparison across types', '#if($input.path(\'$.a\') == "1")x#end', '{"a":1}', 'a comparison of a integer with a string'],
    ['an order of strings', '#if("a" < "b")x#end', '{}', 'string < string'],
    ['a variable that this path did not set', '#if(false)#set($x = 1)#end$x', '{}', '$x is not set here'],
    ['an index beyond the end', '$input.path(\'$.a\').split(\':\')[7]', '{"a":"b"}', 'index 7 of a array of 1'],
    ['division by zero', '#set($x = 1 / 0)', '{}', 'division by zero'],
    ['a null over a value', '#set($x = 1)#set($x = $input.path(\'$.a\'))', '{}', 'to null while it has a value'],
    ['a status that is no integer', '#set($context.responseOverride.status = "429")', '{}', 'must be an integer'],
  ])('%s', (_, template, body, message) => {
    expect(() => render(template, body)).toThrow(TemplateError);
    expect(() => render(template, body)).toThrow(message);
  });

  test.each(['a$', '(?i)a', '(?<x>a)', 'a++', '\\p{L}', '[a[b]]', '[a&&b]', '\\bx', '[]a]'])('the regular expression %s', (pattern) => {
    expect(() => render(`#set($p = '${pattern}')$input.path('$.a').replaceAll($p, 'b')`, '{"a":"a"}')).toThrow(/not implemented/);
  });
});

test('integers keep every digit, and members their order and last value', () => {
  expect(render('$input.json(\'$\')', '{"b":12345678901234567890,"2":1,"1":2,"b":98765432109876543210}')).toBe('{"b":98765432109876543210,"2":1,"1":2}');
});

test('members with the names of JavaScript internals are members like any other', () => {
  expect(render('$input.json(\'$\')', '{"__proto__":{"a":1},"constructor":2}')).toBe('{"__proto__":{"a":1},"constructor":2}');
  expect(render('[$input.path(\'$.constructor\')$input.path(\'$.toString\')]', '{}')).toBe('[]');
});

test('parameters are looked up in path, query string and header; headers in any case', () => {
  expect(render('$input.params(\'id\')|$input.params(\'a b\')|$input.params(\'X-Name\')|$input.params(\'none\')|')).toBe('p|c|n||');
});

test('context, identity and stage variables', () => {
  expect(render('$context.stage $context.identity.sourceIp $context.requestTimeEpoch $stageVariables.table $stageVariables.get("table")'))
    .toBe('prod 127.0.0.1 1600000000000 t t');
});

test('overrides come back apart from the text', () => {
  const template = new MappingTemplate('#set($context.responseOverride.status = 429)#set($context.responseOverride.header.Retry-After = "5")x');
  const { text, overrides } = template.render({ body: '', parameters: { path: {}, querystring: {}, header: {} }, context: {}, stageVariables: {} });
  expect(text).toBe('x');
  expect(overrides.response.status).toBe(429);
  expect([...overrides.response.header]).toEqual([['Retry-After', '5']]);
});

test('a template that forgets to take back the escaped single quote renders what is no JSON', () => {
  const wrong = '{"input":"{\\"q\\":$util.escapeJavaScript($input.json(\'$.q\'))}"}';
  const right = '{"input":"{\\"q\\":$util.escapeJavaScript($input.json(\'$.q\')).replaceAll("\\\\\'","\'")}"}';
  const oneBackslash = right.replace('\\\\\'', '\\\'');
  const body = JSON.stringify({ q: 'it\'s' });
  expect(() => JSON.parse(render(wrong, body))).toThrow(SyntaxError);
  expect(() => JSON.parse(render(oneBackslash, body))).toThrow(SyntaxError);
  expect(JSON.parse(JSON.parse(render(right, body)).input)).toEqual({ q: 'it\'s' });
});
