import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTEXT, Fixture, START } from './fixtures';
import { MAX_PAYLOAD_BYTES } from '../../../local/lambda/limits';

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});
afterEach(async () => fixture.close());

describe('an answer', () => {
  test('is the JSON of what the handler returns, undefined being null', async () => {
    await fixture.create('echo', 'exports.handler = async (event) => event.value;');
    expect(await fixture.answer('echo', { value: { a: [1, 'ü', null] } })).toEqual({ a: [1, 'ü', null] });
    expect(await fixture.service.invoke('echo', '{}', CONTEXT)).toEqual({ statusCode: 200, payload: 'null', executedVersion: '$LATEST' });
  });

  test('comes from a handler in a folder, behind nested names, in a module of either kind', async () => {
    const code = {
      folder: fixture.bundle({
        'a/b.js': 'exports.x = { y: async () => "commonjs" };',
        'c.mjs': 'export const handler = async () => "module";',
      }),
    };
    await fixture.create('nested', '', { code, handler: 'a/b.x.y' });
    await fixture.create('module', '', { code, handler: 'c.handler' });
    expect(await fixture.answer('nested')).toBe('commonjs');
    expect(await fixture.answer('module')).toBe('module');
  });

  test('comes from inline code', async () => {
    await fixture.create('inline', '', { code: { inline: 'exports.handler = async () => "inline";' } });
    expect(await fixture.answer('inline')).toBe('inline');
  });

  test('may be exactly as large as the limit, and a byte more is a failure', async () => {
    await fixture.create('large', 'exports.handler = async ({ length }) => "x".repeat(length - 2);');
    const full = await fixture.service.invoke('large', JSON.stringify({ length: MAX_PAYLOAD_BYTES }), CONTEXT);
    expect(full.functionError).toBeUndefined();
    expect(Buffer.byteLength(full.payload)).toBe(MAX_PAYLOAD_BYTES);
    expect(await fixture.failure('large', { length: MAX_PAYLOAD_BYTES + 1 })).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
    expect(await fixture.answer('large', { length: 3 })).toBe('x');
  });

  test('is measured in bytes, not characters', async () => {
    await fixture.create('wide', 'exports.handler = async ({ length }) => "ü".repeat(length);');
    expect(await fixture.answer('wide', { length: (MAX_PAYLOAD_BYTES - 2) / 2 })).toHaveLength((MAX_PAYLOAD_BYTES - 2) / 2);
    expect(await fixture.failure('wide', { length: MAX_PAYLOAD_BYTES / 2 })).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
  });
});

describe('a process', () => {
  const COUNTER = `let count = 0; exports.handler = async ({ wait = 0 }) => {
    await new Promise((resolve) => setTimeout(resolve, wait));
    return [process.pid, ++count];
  };`;

  test('is reused by the next invocation, and is one for each invocation at the same time', async () => {
    await fixture.create('counter', COUNTER);
    const first = await Promise.all([fixture.answer('counter', { wait: 300 }), fixture.answer('counter', { wait: 300 })]);
    const [[one, counted], [other]] = first as [number, number][];
    expect(counted).toBe(1);
    expect(other).not.toBe(one);
    const [pid, count] = await fixture.answer('counter') as [number, number];
    expect([one, other]).toContain(pid);
    expect(count).toBe(2);
  });

  test('of few at once serve any number of invocations, however far apart in virtual time', async () => {
    fixture.credentialsLast = 30 * 86_400_000;
    await fixture.create('counter', COUNTER);
    const pids = new Set<unknown>();
    let most = 0;
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all(Array.from({ length: 3 }, async () => fixture.answer('counter', { wait: 20 })));
      for (const [pid, count] of answers as [number, number][]) {
        pids.add(pid);
        most = Math.max(most, count);
      }
      await fixture.clock.sleep(86_400_000);
    }
    expect(pids.size).toBe(3);
    expect(most).toBe(10);
    expect(fixture.credentialRequests).toHaveLength(4);
  });

  test('ends with the service, which leaves no folder behind', async () => {
    const own = new Fixture();
    await own.create('self', 'exports.handler = async () => [process.pid, __dirname];');
    const [pid, folder] = await own.answer('self') as [number, string];
    expect(existsSync(folder)).toBe(true);
    await own.close();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(existsSync(join(folder, '..'))).toBe(false);
  });

  test('is replaced when its credentials would not outlast an invocation', async () => {
    await fixture.create('keys', 'exports.handler = async () => [process.pid, process.env.AWS_ACCESS_KEY_ID];');
    const [first, key] = await fixture.answer('keys') as [number, string];
    expect(await fixture.answer('keys')).toEqual([first, key]);
    await fixture.clock.sleep(fixture.credentialsLast - 20_000);
    const [second, otherKey] = await fixture.answer('keys') as [number, string];
    expect(second).not.toBe(first);
    expect(otherKey).not.toBe(key);
    expect(() => process.kill(first, 0)).toThrow('ESRCH');
  });

  test('has the environment of Lambda and nothing of this machine', async () => {
    process.env.SECRET_OF_THIS_MACHINE = 'x';
    const own = new Fixture({ extraEnvironment: () => ({ AWS_ENDPOINT_URL_S3: 'https://127.0.0.1:1' }) });
    await own.create('env', 'exports.handler = async () => process.env;', { variables: { TABLE_NAME: 'orders' } });
    const environment = await own.answer('env') as Record<string, string>;
    await own.close();
    delete process.env.SECRET_OF_THIS_MACHINE;
    const { LAMBDA_TASK_ROOT, AWS_LAMBDA_LOG_STREAM_NAME, ...rest } = environment;
    expect(LAMBDA_TASK_ROOT).toMatch(/local-lambda-/);
    expect(AWS_LAMBDA_LOG_STREAM_NAME).toMatch(/^2031\/05\/06\/\[\$LATEST\][0-9a-f]{32}$/);
    expect(rest).toEqual({
      _HANDLER: 'index.handler',
      AWS_ACCESS_KEY_ID: 'KEY2',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL_S3: 'https://127.0.0.1:1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_FUNCTION_NAME: 'env',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/env',
      AWS_REGION: 'eu-central-1',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
      LANG: 'en_US.UTF-8',
      TABLE_NAME: 'orders',
      TZ: ':UTC',
    });
  });

  test('resolves the AWS SDK and nothing else of this repository', async () => {
    await fixture.create('modules', `exports.handler = async () => {
      const outcome = async (load) => { try { await load(); return 'found'; } catch (error) { return error.code; } };
      return {
        sdk: await outcome(() => require('@aws-sdk/client-sts')),
        imported: await outcome(() => import('@aws-sdk/client-s3')),
        smithy: await outcome(() => require('@smithy/protocol-http')),
        builtin: await outcome(() => require('node:crypto')),
        other: await outcome(() => require('ajv')),
        otherImported: await outcome(() => import('ajv')),
      };
    };`);
    expect(await fixture.answer('modules')).toEqual({
      sdk: 'found', imported: 'found', smithy: 'found', builtin: 'found', other: 'MODULE_NOT_FOUND', otherImported: 'ERR_MODULE_NOT_FOUND',
    });
  });

  test('cannot touch this machine: other programs, threads, files, the parent', async () => {
    const file = join(tmpdir(), 'not-for-functions');
    await fixture.create('neighbour', 'exports.handler = async () => 1;');
    await fixture.create('curious', `exports.handler = async () => {
      const outcome = (act) => { try { act(); return 'done'; } catch (error) { return error.code; } };
      return [
        outcome(() => require('child_process').execSync('true')),
        outcome(() => new (require('worker_threads').Worker)('1', { eval: true })),
        outcome(() => require('fs').readFileSync('/etc/hostname')),
        outcome(() => require('fs').readdirSync('..')),
        outcome(() => require('fs').readFileSync('../task-0/index.js')),
        outcome(() => require('fs').writeFileSync(${JSON.stringify(file)}, '')),
        outcome(() => process.binding('tcp_wrap')),
        typeof process.send,
      ];
    };`);
    expect(await fixture.answer('curious')).toEqual([...Array(7).fill('ERR_ACCESS_DENIED'), 'undefined']);
  });
});

describe('time', () => {
  const PRESENT = `const { STSClient, GetCallerIdentityCommand } = require('@aws-sdk/client-sts');
    exports.handler = async () => {
      const client = new STSClient({ endpoint: 'https://127.0.0.1:1', maxAttempts: 1 });
      let signed;
      client.middlewareStack.add((next) => async (args) => { signed = args.request.headers['x-amz-date']; return next(args); },
        { step: 'finalizeRequest', priority: 'low' });
      await client.send(new GetCallerIdentityCommand({})).catch(() => {});
      const formatted = new Intl.DateTimeFormat('en', { year: 'numeric', month: 'numeric', day: 'numeric' }).format();
      return { now: Date.now(), date: new Date().getTime(), signed, formatted, offset: new Date().getTimezoneOffset() };
    };`;

  test('is the virtual time of the invocation, for every way to ask', async () => {
    await fixture.create('present', PRESENT);
    for (const skipped of [0, 86_400_000]) {
      await fixture.clock.sleep(skipped);
      const start = fixture.clock.now();
      const { now, date, signed, formatted, offset } = await fixture.answer('present') as Record<string, number> & { signed: string };
      // The handler's own time goes on with real time: a minute is more than any handler here may take.
      for (const time of [now, date, Date.parse(signed.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5')) + 1000]) {
        expect(time).toBeGreaterThanOrEqual(start);
        expect(time).toBeLessThan(start + 60_000);
      }
      expect(formatted).toBe(skipped === 0 ? '5/6/2031' : '5/7/2031');
      expect(offset).toBe(0);
    }
  });

  test('goes on inside a handler and with it outside, so that a time-out can overtake it', async () => {
    await fixture.create('slow', `exports.handler = async () => {
      const look = () => ({ before: performance.now(), date: Date.now(), after: performance.now() });
      const first = look();
      await new Promise((resolve) => setTimeout(resolve, 100));
      const second = look();
      return { passed: second.date - first.date, least: second.before - first.after - 1, most: second.after - first.before + 1 };
    };`);
    let fired = false;
    fixture.clock.after(50, () => { fired = true; });
    const { passed, least, most } = await fixture.answer('slow') as Record<string, number>;
    expect(fired).toBe(true);
    // The handler waits for 100 milliseconds by a clock that may round one away.
    expect(fixture.clock.now() - START).toBeGreaterThanOrEqual(99);
    expect(passed).toBeGreaterThanOrEqual(least);
    expect(passed).toBeLessThanOrEqual(most);
  });
});

describe('a failure', () => {
  test.each([
    ['an error', 'throw Object.assign(new TypeError("no"), {});', 'TypeError', 'no'],
    ['an error with a name of its own', 'class Refused extends Error { name = "CallbackRefused" }; throw new Refused("410");',
      'CallbackRefused', '410'],
    ['a value that is no error', 'throw "text";', 'string', 'text'],
    ['an answer that is no JSON', 'return 1n;', 'Runtime.JSONStringifyError', expect.stringContaining('Unable to stringify response body')],
    ['a rejection nobody handles', 'Promise.reject(new Error("lost")); await new Promise((r) => setTimeout(r, 5000));',
      'Runtime.UnhandledPromiseRejection', 'Error: lost'],
    ['an error nobody catches', 'setTimeout(() => { throw new RangeError("late"); }); await new Promise((r) => setTimeout(r, 5000));',
      'RangeError', 'late'],
    ['an end of the process', 'process.exit(3);',
      'Runtime.ExitError', expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$/)],
    ['an end without a reason', 'process.exit(0);', 'Runtime.ExitError', expect.stringContaining('Runtime exited without providing a reason')],
    ['a signal', 'process.kill(process.pid, "SIGKILL"); await new Promise((r) => setTimeout(r, 5000));',
      'Runtime.ExitError', expect.stringContaining('Runtime exited with error: signal: kill')],
  ])('is what callers get for %s', async (_, body, errorType, errorMessage) => {
    await fixture.create('failing', `exports.handler = async ({ fine }) => { if (fine) return 'fine'; ${body} };`);
    expect(await fixture.failure('failing')).toMatchObject({ errorType, errorMessage });
    expect(await fixture.answer('failing', { fine: true })).toBe('fine');
  });

  test('has the trace of the handler', async () => {
    await fixture.create('failing', 'exports.handler = async () => { throw new Error("here"); };');
    const { trace } = await fixture.failure('failing');
    expect(trace?.[0]).toBe('Error: here');
    expect(trace?.[1]).toMatch(/index\.js:1/);
  });

  test.each([
    ['module not there', 'require("left-pad");', 'index.handler', 'Runtime.ImportModuleError', /Cannot find module 'left-pad'/],
    ['file not there', '', 'other.handler', 'Runtime.ImportModuleError', /Cannot find module 'other'/],
    ['handler not there', 'exports.other = 1;', 'index.handler', 'Runtime.HandlerNotFound', /^index\.handler is undefined or not exported$/],
    ['handler no function', 'exports.handler = 1;', 'index.handler', 'Runtime.HandlerNotFound', /is not a function$/],
    ['handler without a name', '', 'index', 'Runtime.MalformedHandlerName', /^Bad handler$/],
    ['handler with a callback', 'exports.handler = (a, b, c) => c();', 'index.handler', 'Runtime.CallbackHandlerDeprecated', /callback/],
    ['syntax', 'exports.handler = async () => {', 'index.handler', 'Runtime.UserCodeSyntaxError', /^SyntaxError: /],
    ['error while loading', 'throw new RangeError("early");', 'index.handler', 'RangeError', /^early$/],
    ['exit while loading', 'process.exit(4);', 'index.handler', 'Runtime.ExitError', /exit status 4$/],
  ])('to load is the answer to every invocation: %s', async (_, source, handler, errorType, message) => {
    await fixture.create('broken', source, { handler });
    for (let times = 0; times < 2; times++) {
      expect(await fixture.failure('broken')).toMatchObject({ errorType, errorMessage: expect.stringMatching(message) });
    }
  });

  test('by time-out ends the process, and the next invocation has a new one', async () => {
    await fixture.create('hanging', 'let n = 0; exports.handler = async ({ hang }) => { n++; while (hang) {} return n; };', { timeoutSeconds: 2 });
    expect(await fixture.answer('hanging')).toBe(1);
    expect(await fixture.failure('hanging', { hang: true })).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 2\.00 seconds$/),
    });
    expect(await fixture.answer('hanging')).toBe(1);
    expect(fixture.messages()).toContainEqual(expect.stringMatching(/ Task timed out after 2\.00 seconds$/));
  });

  test('of a handler that is not asynchronous is not the function\'s but a limit of the local cloud', async () => {
    await fixture.create('sync', 'exports.handler = () => 1;');
    await expect(fixture.service.invoke('sync', '{}', CONTEXT)).rejects.toThrow('sync: the local cloud implements asynchronous handlers only');
  });
});

describe('the context', () => {
  test('says who is invoked and how much time is left', async () => {
    const arn = await fixture.create('context', `exports.handler = async (event, context) => {
      const { getRemainingTimeInMillis, ...rest } = context;
      return { ...rest, remaining: context.getRemainingTimeInMillis() };
    };`);
    const { remaining, ...context } = await fixture.answer('context:$LATEST') as Record<string, number>;
    expect(remaining).toBeGreaterThan(0);
    expect(remaining).toBeLessThanOrEqual(20_000);
    expect(context).toEqual({
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      callbackWaitsForEmptyEventLoop: true,
      functionName: 'context',
      functionVersion: '$LATEST',
      invokedFunctionArn: `${arn}:$LATEST`,
      logGroupName: '/aws/lambda/context',
      logStreamName: expect.stringContaining('[$LATEST]'),
      memoryLimitInMB: '256',
    });
  });
});

describe('the log', () => {
  const SOURCE = 'exports.handler = async () => { console.log("a %d", 1); console.error(new Error("b").message); console.debug({ c: 1 }); };';

  test('has what the handler wrote between START and REPORT', async () => {
    await fixture.create('talking', SOURCE);
    await fixture.answer('talking');
    const id = /^START RequestId: (\S+) Version: \$LATEST$/.exec(fixture.messages()[0])?.[1];
    expect(fixture.messages().slice(1, -1).map((line) => line.replace(/^2031-05-06T07:08:\S+Z/, 'TIME'))).toEqual([
      `TIME\t${id}\tINFO\ta 1`, `TIME\t${id}\tERROR\tb`, `TIME\t${id}\tDEBUG\t{ c: 1 }`, `END RequestId: ${id}`,
    ]);
    expect(fixture.messages().at(-1)?.split('\t')).toEqual([
      `REPORT RequestId: ${id}`,
      expect.stringMatching(/^Duration: [\d.]+ ms$/),
      expect.stringMatching(/^Billed Duration: \d+ ms$/),
      'Memory Size: 256 MB',
      expect.stringMatching(/^Max Memory Used: [1-9]\d* MB$/),
      '',
    ]);
    expect(new Set(fixture.events.map(({ logGroup }) => logGroup))).toEqual(new Set(['/aws/lambda/talking']));
  });

  test('is JSON where the function asks for it', async () => {
    await fixture.create('talking', SOURCE, { logFormat: 'JSON' });
    await fixture.answer('talking');
    const records = fixture.messages().map((message) => JSON.parse(message));
    expect(records.map(({ type, level, message }) => type ?? `${level} ${message}`)).toEqual([
      'platform.start', 'INFO a 1', 'ERROR b', 'DEBUG { c: 1 }', 'platform.report',
    ]);
  });

  test('has raw output too, all of it before the end of its invocation, and the error of a failed one', async () => {
    const source = 'exports.handler = async (lines) => { process.stdout.write("raw\\n".repeat(lines)); throw new Error("no"); };';
    await fixture.create('raw', source);
    for (const lines of [1, 10_000, 1, 10_000]) {
      fixture.events.length = 0;
      await fixture.failure('raw', lines);
      expect(fixture.messages().filter((message) => message === 'raw')).toHaveLength(lines);
      expect(fixture.messages().at(-1)).toMatch(/^REPORT/);
    }
    expect(fixture.messages()).toContainEqual(expect.stringMatching(/ERROR\tInvoke Error \t\{"errorType":"Error","errorMessage":"no"/));
  });
});
