import { CONTEXT, Fixture } from './fixtures';
import { AuthorizationRequest, ServiceError } from '../../../local/aws/service';
import { MAX_PAYLOAD_BYTES } from '../../../local/lambda/limits';

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});
afterEach(async () => fixture.close());

describe('a caller', () => {
  async function refusal(work: Promise<unknown>): Promise<ServiceError> {
    const error = await work.then(() => undefined, (thrown: unknown) => thrown);
    if (!(error instanceof ServiceError)) throw new Error(`no refusal: ${String(error)}`);
    return error;
  }

  test('is asked for lambda:InvokeFunction on the ARN as it was qualified, with the policy of the function', async () => {
    const asked: AuthorizationRequest[] = [];
    const own = new Fixture({ authorize: async (request) => void asked.push(request) });
    const arn = await own.create('echo', 'exports.handler = async (event) => event;');
    own.service.addPermission(arn, { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'lambda:InvokeFunction' });
    await own.answer('echo');
    await own.answer(`${arn}:$LATEST`);
    await own.close();
    expect(asked.map(({ action, resource }) => [action, resource])).toEqual([
      ['lambda:InvokeFunction', arn], ['lambda:InvokeFunction', `${arn}:$LATEST`],
    ]);
    expect(asked[0].resourcePolicy?.Statement).toEqual([
      { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'lambda:InvokeFunction', Resource: arn },
    ]);
  });

  test('who may not invoke learns nothing else and starts nothing', async () => {
    const denial = new ServiceError('AccessDeniedException', 'no', 403);
    const own = new Fixture({ authorize: async () => { throw denial; } });
    await own.create('echo', 'exports.handler = async (event) => event;');
    const minted = own.credentialRequests.length;
    expect(await refusal(own.service.invoke('echo', 'no json', CONTEXT))).toBe(denial);
    expect(await refusal(own.service.invoke('nobody', '{}', CONTEXT))).toBe(denial);
    expect(own.credentialRequests.length).toBe(minted);
    await own.close();
  });

  test.each([
    ['a function that is not there', 'nobody', '{}', 'ResourceNotFoundException', 404],
    ['a version', 'echo:7', '{}', 'ResourceNotFoundException', 404],
    ['another region', 'arn:aws:lambda:us-east-1:111122223333:function:echo', '{}', 'ResourceNotFoundException', 404],
    ['no function name', 'no name', '{}', 'ValidationException', 400],
    ['a payload that is no JSON', 'echo', '{', 'InvalidRequestContentException', 400],
    ['a payload beyond the limit', 'echo', JSON.stringify('x'.repeat(MAX_PAYLOAD_BYTES - 1)), 'RequestEntityTooLargeException', 413],
  ])('of %s is refused', async (_, name, payload, code, httpStatus) => {
    await fixture.create('echo', 'exports.handler = async (event) => event.length;');
    expect(await refusal(fixture.service.invoke(name, payload, CONTEXT))).toMatchObject({ code, httpStatus });
  });

  test('may send a payload exactly as large as the limit', async () => {
    await fixture.create('echo', 'exports.handler = async (event) => event.length;');
    expect(await fixture.answer('echo', 'x'.repeat(MAX_PAYLOAD_BYTES - 2))).toBe(MAX_PAYLOAD_BYTES - 2);
  });

  test('beyond the reserved concurrency is throttled, and only then', async () => {
    await fixture.create('busy', 'exports.handler = async () => new Promise((resolve) => setTimeout(resolve, 200, 1));', { reservedConcurrency: 1 });
    const first = fixture.answer('busy');
    expect(await refusal(fixture.service.invoke('busy', '{}', CONTEXT))).toMatchObject({
      code: 'TooManyRequestsException', httpStatus: 429, members: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
    });
    expect(await first).toBe(1);
    expect(await fixture.answer('busy')).toBe(1);
  });

  test('reaches the same by the Invoke operation; another operation or setting is an error that names it', async () => {
    const arn = await fixture.create('echo', 'exports.handler = async (event) => { if (event === 1) throw new Error("no"); return event; };');
    expect(await fixture.service.call('Invoke', { FunctionName: arn, Payload: '"a"' }, CONTEXT)).toEqual({
      StatusCode: 200, ExecutedVersion: '$LATEST', Payload: '"a"',
    });
    expect(await fixture.service.call('Invoke', { FunctionName: 'echo', Payload: '1' }, CONTEXT)).toMatchObject({ FunctionError: 'Unhandled' });
    await expect(fixture.service.call('Invoke', { FunctionName: arn, InvocationType: 'DryRun' }, CONTEXT)).rejects.toThrow('InvocationType DryRun');
    await expect(fixture.service.call('Invoke', { FunctionName: arn, ClientContext: 'e30=' }, CONTEXT)).rejects.toThrow('ClientContext');
    await expect(fixture.service.call('GetFunction', { FunctionName: arn }, CONTEXT)).rejects.toThrow('GetFunction');
  });
});

test('a function whose role does not trust Lambda is not made', async () => {
  const own = new Fixture({ credentialsFor: async () => { throw new ServiceError('AccessDenied', 'not trusted', 403); } });
  await expect(own.create('echo', '')).rejects.toThrow('not trusted');
  await expect(own.service.invoke('echo', '{}', CONTEXT)).rejects.toThrow('Function not found');
  await own.close();
});

test.each([undefined, 'PutTraceSegments', 'PutTelemetryRecords'])('a traced function is made unless its role lacks a right to write traces: %p', async (denied) => {
  const own = new Fixture({
    assumeRole: async () => ({ roleArn: 'arn:aws:iam::111122223333:role/function' }),
    authorize: async ({ action }) => {
      if (action === `xray:${denied}`) throw new ServiceError('AccessDeniedException', 'no', 403);
    },
  });
  const made = own.create('traced', '', { traced: true });
  const message = `The provided execution role does not have permissions to call ${denied} on XRAY`;
  await (denied === undefined ? expect(made).resolves.toBeDefined() : expect(made).rejects.toMatchObject({ code: 'InvalidParameterValueException', message }));
  await own.create('untraced', '');
  await own.close();
});

describe('a function in a VPC', () => {
  const caller = { roleArn: 'arn:aws:iam::111122223333:role/function' };
  const asked: string[] = [];
  const vpc = { subnetIds: ['subnet-1', 'subnet-2'], securityGroupIds: ['sg-1'] };
  const denying = (denied?: string) => new Fixture({
    assumeRole: async () => caller,
    authorize: async ({ action, resource }, context) => {
      expect(context.caller).toEqual(caller);
      asked.push(`${action} ${resource.replace(/^arn:aws:ec2:eu-central-1:111122223333:/, '')}`);
      if (action === denied) throw new ServiceError('AccessDeniedException', 'no', 403);
    },
  });

  test.each(['CreateNetworkInterface', 'DescribeNetworkInterfaces', 'DeleteNetworkInterface'])('needs the right of its role to %s', async (action) => {
    const own = denying(`ec2:${action}`);
    await expect(own.create('inside', '', { vpc })).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
      message: `The provided execution role does not have permissions to call ${action} on EC2`,
    });
    await own.create('outside', '');
    await own.close();
  });

  test('is made when its role has them', async () => {
    const own = denying();
    asked.length = 0;
    await own.create('inside', '', { vpc });
    await own.close();
    expect(asked.map((request) => request.replace(/eni-\w+/, 'eni'))).toEqual([
      'ec2:CreateNetworkInterface network-interface/eni', 'ec2:CreateNetworkInterface subnet/subnet-1', 'ec2:CreateNetworkInterface subnet/subnet-2',
      'ec2:CreateNetworkInterface security-group/sg-1', 'ec2:DescribeNetworkInterfaces *', 'ec2:DeleteNetworkInterface network-interface/eni',
    ]);
  });
});
