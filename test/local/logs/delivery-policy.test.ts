import { DeliveryPolicy } from '../../../local/logs/delivery-policy';
import { environment } from '../http/small-cloud';

const arnOf = (name: string) => `arn:aws:logs:eu-west-1:111122223333:log-group:${name}:*`;

describe('the policy that lets services deliver logs', () => {
  test('has a line for every group, once', () => {
    const policy = new DeliveryPolicy(environment);
    expect(policy.document).toBeUndefined();
    for (const name of ['one', 'two', 'one']) expect(policy.admit(arnOf(name))).toBe(true);
    const { Statement: [{ Resource }] } = JSON.parse(policy.document ?? '');
    expect(Resource).toEqual(['one', 'two'].map((name) => `arn:aws:logs:eu-west-1:111122223333:log-group:${name}:log-stream:*`));
  });

  test('is full after some fifty groups, and stays as it is', () => {
    const policy = new DeliveryPolicy(environment);
    const admitted = Array.from({ length: 80 }, (_, index) => policy.admit(arnOf(`group-${String(index).padStart(3, '0')}`)));
    const room = admitted.indexOf(false);
    expect(room).toBeGreaterThan(40);
    expect(admitted.slice(room)).not.toContain(true);
    expect(policy.document?.length).toBeLessThanOrEqual(5_120);
    expect(policy.document?.length).toBeGreaterThan(5_000);
    expect(policy.admit(arnOf('group-000'))).toBe(true);
  });

  test('has one line for all groups that services are meant to write to', () => {
    const policy = new DeliveryPolicy(environment);
    for (let index = 0; index < 1_000; index++) expect(policy.admit(arnOf(`/aws/vendedlogs/states/group-${index}`))).toBe(true);
    expect(JSON.parse(policy.document ?? '').Statement[0].Resource).toEqual(['arn:aws:logs:eu-west-1:111122223333:log-group:/aws/vendedlogs/*:log-stream:*']);
  });
});
