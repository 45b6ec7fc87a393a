import { LogStore } from '../../../local/logs/log-store';
import { logsResources } from '../../../local/logs/resources';
import { createResource } from '../iam/create-resource';

const line = { timestamp: 1, stream: 's', message: 'hello' };

test('a group keeps the lines written by name and by ARN', async () => {
  const store = new LogStore();
  const { ref, attributes } = await createResource(logsResources(store), 'AWS::Logs::LogGroup', { RetentionInDays: 30 });
  store.write(ref, line);
  store.writeTo(attributes?.Arn ?? '', { ...line, message: 'by ARN' });
  store.writeTo((attributes?.Arn ?? '').replace(/:\*$/, ''), { ...line, message: 'by short ARN' });
  expect(store.lines(ref).map(({ message }) => message)).toEqual(['hello', 'by ARN', 'by short ARN']);
});

test('an unknown ARN is refused', () => {
  expect(() => new LogStore().writeTo('arn:aws:logs:eu-west-1:111122223333:log-group:none', line)).toThrow('There is no log group');
});

test.each([[{ RetentionInDays: 31 }, 'RetentionInDays'], [{ LogGroupName: 'no spaces' }, 'LogGroupName'], [{ KmsKeyId: 'key' }, 'KmsKeyId']])(
  'what CloudWatch Logs or the local cloud does not take is refused: %j', async (properties, name) => {
    await expect(createResource(logsResources(new LogStore()), 'AWS::Logs::LogGroup', properties)).rejects.toThrow(name);
  },
);
