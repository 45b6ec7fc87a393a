import { createStartRun } from '../../../../src/paged-batch-etl/schedule/function/start-run';
import { refuse, StubAnswer, useAwsStub } from '../../../support/aws-stub';

const ARN = 'arn:aws:states:eu-west-1:111122223333:stateMachine:Etl';

const accept: StubAnswer = (_call, response) => void response.end(JSON.stringify({ executionArn: `${ARN}:x`, startDate: 1_764_000_000 }));

const refused = (statusCode: number, code: string): StubAnswer => (_call, response) => refuse(response, statusCode, code);

const stub = useAwsStub(accept);

test('starts an execution of that name with exactly that input', async () => {
  expect(await createStartRun(ARN)('name', '{"a":1}')).toBe('Started');
  expect(stub().calls.map(({ target, body }) => [target, JSON.parse(body)])).toEqual([
    ['AWSStepFunctions.StartExecution', { stateMachineArn: ARN, name: 'name', input: '{"a":1}' }],
  ]);
});

test('a name that is taken was started before', async () => {
  stub().answer = refused(400, 'ExecutionAlreadyExists');
  expect(await createStartRun(ARN)('name', '{}')).toBe('StartedBefore');
  expect(stub().calls).toHaveLength(1);
});

test('a service that is not available is called three times', async () => {
  stub().answer = refused(503, 'ServiceUnavailable');
  await expect(createStartRun(ARN)('name', '{}')).rejects.toMatchObject({ name: 'ServiceUnavailable' });
  expect(stub().calls).toHaveLength(3);
});

test('a throttled call is made again', async () => {
  const throttle = refused(400, 'ThrottlingException');
  stub().answer = (call, response) => (stub().calls.length === 1 ? throttle : accept)(call, response);
  expect(await createStartRun(ARN)('name', '{}')).toBe('Started');
  expect(stub().calls).toHaveLength(2);
});

test.each(['StateMachineDoesNotExist', 'AccessDeniedException'])('%s is final', async (code) => {
  stub().answer = refused(400, code);
  await expect(createStartRun(ARN)('name', '{}')).rejects.toMatchObject({ name: code });
  expect(stub().calls).toHaveLength(1);
});
