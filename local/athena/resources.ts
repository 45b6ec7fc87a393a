import { Clock } from '../clock';
import { AthenaService } from './athena-service';
import { readEncryption, splitLocation } from './query-request';
import { ResultSettings, WorkGroup } from './work-group';
import { ResourceProviders } from '../template/resource';
import { StrictProperties } from '../template/strict-properties';

const SMALLEST_CUTOFF = 10_000_000;

/** Workgroups, as CloudFormation makes them. */
export function athenaResources(service: AthenaService, clock: Clock): ResourceProviders {
  return {
    'AWS::Athena::WorkGroup': ({ properties }) => {
      const name = properties.string('Name');
      if (!/^[a-zA-Z0-9._-]{1,128}$/.test(name)) properties.unsupported('Name', 'a name that Athena does not allow');
      // Deleting stacks is not modelled, so what a deletion takes along makes no difference.
      properties.notModelled('RecursiveDeleteOption', 'Tags');
      const configuration = properties.object('WorkGroupConfiguration', readConfiguration);
      service.workGroups.add({
        name,
        description: properties.optionalString('Description'),
        enabled: properties.enabled('State'),
        createdAt: clock.now(),
        // A workgroup enforces its settings unless it says otherwise.
        ...configuration ?? { enforced: true, results: {} },
      });
      return { ref: name };
    },
  };
}

function readConfiguration(properties: StrictProperties): Pick<WorkGroup, 'enforced' | 'results' | 'bytesScannedCutoff' | 'publishesMetrics'> {
  // Nobody pays here.
  properties.notModelled('RequesterPaysEnabled');
  const bytesScannedCutoff = properties.number('BytesScannedCutoffPerQuery');
  if (bytesScannedCutoff !== undefined && bytesScannedCutoff < SMALLEST_CUTOFF) {
    properties.unsupported('BytesScannedCutoffPerQuery', `less than Athena's minimum of ${SMALLEST_CUTOFF} bytes`);
  }
  properties.object('EngineVersion', (version) => {
    version.notModelled('EffectiveEngineVersion');
    const selected = version.optionalString('SelectedEngineVersion') ?? 'AUTO';
    if (!['AUTO', 'Athena engine version 3'].includes(selected)) version.unsupported('SelectedEngineVersion', 'this engine');
  });
  return {
    enforced: properties.boolean('EnforceWorkGroupConfiguration') ?? true,
    bytesScannedCutoff,
    publishesMetrics: properties.boolean('PublishCloudWatchMetricsEnabled'),
    results: properties.object('ResultConfiguration', readResults) ?? {},
  };
}

function readResults(properties: StrictProperties): ResultSettings {
  const outputLocation = properties.optionalString('OutputLocation');
  if (outputLocation !== undefined) splitLocation(outputLocation);
  return {
    outputLocation,
    encryption: properties.object('EncryptionConfiguration', (encryption) => (
      readEncryption(encryption.string('EncryptionOption'), encryption.optionalString('KmsKey'))
    )),
    expectedBucketOwner: properties.optionalString('ExpectedBucketOwner'),
  };
}
