import { count, inWords, SOURCES, ToldNumbers } from './told';
import { MOST_FILES } from '../../../local/athena/unload/unloader';
import { MAX_DIGITS } from '../../../local/dynamodb/numbers';
import { DEFAULT_TTL_DELAY } from '../../../local/dynamodb/time-to-live';
import { MAX_CAUSE_LENGTH } from '../../../local/stepfunctions/interpreter/failure';
import { readManifest } from '../../../projenrc/tools/repository';
import { LINK_EXPIRY_SECONDS } from '../../../src/async-athena-query-api/contracts/result-link';
import { MAX_BATCH_BYTES } from '../../../src/paged-batch-etl/item-processor/read-batch';
import { MAX_WORKERS } from '../../../src/paged-batch-etl/partitions/partitions-check';
import { EVENTS_BESIDE_LOOP } from '../../../src/paged-batch-etl/run-continuation/supervised';
import { MAX_HISTORY_EVENTS } from '../../../src/private/synth/history';
import { REDRIVE_WINDOW } from '../../../src/private/synth/redrive-window';
import { synth } from '../../support/synth-queries';

const { engines, peerDependencies } = readManifest();
/** Of `>= 20.20.0`: `20.20`. */
const [oldestNode] = /\d+\.\d+/.exec(engines.node) ?? [];
const oldestCdk = peerDependencies['aws-cdk-lib'].replace('^', '');
const server = 'local/mongodb/requirements-mongod.txt';

/** What the API answers where Step Functions took a query. */
function accepted(): string {
  const { template } = synth();
  const [{ Properties }] = Object.values(template.findResources('AWS::ApiGateway::Method', { Properties: { HttpMethod: 'POST' } }));
  const { StatusCode } = Properties.Integration.IntegrationResponses.find(({ SelectionPattern }: { SelectionPattern: string }) => SelectionPattern === '200');
  return StatusCode;
}

export const REPOSITORY_NUMBERS: readonly ToldNumbers[] = [
  {
    page: 'README.md',
    fromCode: [
      `which answers ${accepted()} at once`,
      `get \`${accepted()}\` at once`,
      `Up to ${MAX_WORKERS} workers share a run`,
      `Node.js ${oldestNode} or newer`,
      `\`aws-cdk-lib\` ${oldestCdk} or a newer ${oldestCdk.split('.')[0]}.x`,
    ],
    fromOutside: {},
  },
  {
    page: 'SECURITY.md',
    fromCode: [`for ${inWords(LINK_EXPIRY_SECONDS.most / 3_600)} hour at most`],
    fromOutside: { 'on port 443': SOURCES.portOfHttps, 'in the history of executions for 90 days': SOURCES.stepFunctionsQuotas },
  },
  {
    page: 'docs/glossary.md',
    fromCode: [`ends an execution at ${count(MAX_HISTORY_EVENTS)} of them`, `Possible for ${REDRIVE_WINDOW.toDays()} days`],
    fromOutside: {},
  },
  {
    page: 'docs/local-cloud.md',
    fromCode: [
      `Node.js ${oldestNode} or newer`,
      `at most ${inWords(MOST_FILES)} in each partition`,
      `a sum can have more than ${MAX_DIGITS} digits`,
      `for ${inWords(DEFAULT_TTL_DELAY / 86_400_000)} days of virtual time`,
    ],
    fromOutside: {
      '(x86-64 Linux with Python 3)': server,
      'as 64-bit microseconds': 'https://duckdb.org/docs/stable/data/parquet/overview',
      'the older 96-bit form': 'https://github.com/apache/parquet-format/blob/master/LogicalTypes.md',
    },
  },
  {
    page: 'docs/proof.md',
    fromCode: [`(${count(EVENTS_BESIDE_LOOP)} events are kept free for them)`, `causes of more than ${MAX_CAUSE_LENGTH / 1_024} KiB`, `a batch of ${MAX_BATCH_BYTES / 1_024} KiB by`],
    fromOutside: { 'a real server, 6.0': server, 'other servers than 6.0': server },
  },
];
