import { LogStore } from './log-store';
import { ResourceProviders } from '../template/resource';

/** Days that CloudWatch Logs accepts, from the reference of PutRetentionPolicy. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Resource types of CloudWatch Logs: log groups. */
export function logsResources(store: LogStore): ResourceProviders {
  return {
    'AWS::Logs::LogGroup': (request) => {
      const { properties, environment: { partition, region, accountId } } = request;
      const name = properties.optionalString('LogGroupName') ?? request.physicalName(512);
      if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) properties.unsupported('LogGroupName', 'a name that CloudWatch Logs does not allow');
      const retentionInDays = properties.number('RetentionInDays');
      if (retentionInDays !== undefined && !RETENTION_DAYS.includes(retentionInDays)) {
        properties.unsupported('RetentionInDays', `a retention other than ${RETENTION_DAYS.join(', ')} days`);
      }
      if ((properties.optionalString('LogGroupClass') ?? 'STANDARD') !== 'STANDARD') properties.unsupported('LogGroupClass', 'another class than STANDARD');
      // Nothing here reads tags.
      properties.notModelled('Tags');
      const arn = `arn:${partition}:logs:${region}:${accountId}:log-group:${name}:*`;
      store.createGroup({ name, arn, retentionInDays });
      return { ref: name, attributes: { Arn: arn } };
    },
  };
}
