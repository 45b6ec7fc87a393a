import { Clock } from '../clock';
import { AthenaService } from './athena-service';
import { readEncryption, splitLocation } from './query-request';
import { ResultSettings, WorkGroup } from './work-group';
import { DeletionRefused, ResourceChanges, ResourceProviders, ResourceRequest } from '../template/resource';
import { StrictProperties } from '../template/strict-properties';

const SMALLEST_CUTOFF = 10_000_000;

/** Workgroups, as CloudFormation makes them. */
export function athenaResources(service: AthenaService, clock: Clock): ResourceProviders {
  return {
    'AWS::Athena::WorkGroup': (request) => {
      const group = readGroup(request, clock);
      service.workGroups.add(group);
      return { ref: group.name };
    },
  };
}

/** What becomes of them in updates: queries that run go on as they were started. */
export function athenaChanges(service: AthenaService, clock: Clock): ResourceChanges {
  return {
    'AWS::Athena::WorkGroup': {
      update: (request) => {
        const group = readGroup(request, clock);
        service.workGroups.change(group);
        return { ref: group.name };
      },
      remove: ({ current: { ref, properties } }) => {
        const recursive = String(properties.RecursiveDeleteOption) === 'true';
        if (!recursive && service.hasQueriesIn(ref)) throw new DeletionRefused(`WorkGroup ${ref} is not empty`);
        service.workGroups.remove(ref);
      },
    },
  };
}

function readGroup({ properties }: ResourceRequest, clock: Clock): WorkGroup {
  const name = properties.string('Name');
  if (!/^[a-zA-Z0-9._-]{1,128}$/.test(name)) properties.unsupported('Name', 'a name that Athena does not allow');
  // What a deletion takes along is read when there is one.
  properties.notModelled('RecursiveDeleteOption', 'Tags');
  const configuration = properties.object('WorkGroupConfiguration', readConfiguration);
  return {
    name,
    description: properties.optionalString('Description'),
    enabled: properties.enabled('State'),
    createdAt: clock.now(),
    // A workgroup enforces its settings unless it says otherwise.
    ...configuration ?? { enforced: true, results: {} },
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
