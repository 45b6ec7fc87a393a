import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { AthenaClient, GetQueryExecutionCommand } from '@aws-sdk/client-athena';
import { Terminal } from './terminal';
import { LocalCloud } from '../../local/cloud';
import { Credentials } from '../../local/sts/credentials';

const EXAMPLE = resolve(__dirname, '../typescript/async-athena-query-api');
const FLIGHTS = resolve(dirname(require.resolve('vega-datasets/package.json')), 'data/flights-3m.parquet');

/** The example app, deployed to a local cloud. */
export interface Deployment {
  /** URL of `POST /queries`. */
  readonly queriesUrl: string;
  /** A user who may submit queries and nothing else. */
  readonly analyst: Credentials;
  /** Value of the secret that signs callbacks. */
  signingSecret(): string;
  /** Resolves when the next execution of the workflow ends. */
  nextEnd(): Promise<void>;
  queryState(queryExecutionId: string): Promise<string>;
}

/** Synthesises the example with the CDK CLI, deploys what it wrote, and puts the flights into its bucket. */
export async function deployExample(cloud: LocalCloud, terminal: Terminal): Promise<Deployment> {
  const output = mkdtempSync(join(tmpdir(), 'cdk-out-'));
  try {
    execFileSync(process.execPath, [require.resolve('aws-cdk/bin/cdk'), 'synth', '--quiet', '--no-notices', '--output', output], {
      cwd: EXAMPLE,
      env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const stack = await cloud.deploy(output);
    terminal.line(`  cdk synth wrote a template of ${stack.resources.size} resources; the local cloud made them all`);
    const physicalId = (type: string, logicalIdPart: string) => {
      const found = [...stack.resources].find(([id, resource]) => resource.type === type && id.includes(logicalIdPart));
      if (found === undefined) throw new Error(`The example has no ${type} named ${logicalIdPart}`);
      return found[1].ref;
    };
    await cloud.putObject(physicalId('AWS::S3::Bucket', 'Data'), 'flights/flights-3m.parquet', readFileSync(FLIGHTS));
    const administrator = cloud.createAdministrator('administrator');
    const athena = new AthenaClient({
      endpoint: cloud.endpoint, region: cloud.environment.region, credentials: administrator, requestHandler: cloud.requestHandler(),
    });
    return {
      queriesUrl: cloud.localUrl(stack.outputs.ExportQueriesUrl),
      analyst: cloud.createUserLike(physicalId('AWS::IAM::Role', 'Analysts'), 'analyst'),
      signingSecret: () => cloud.secretValue(physicalId('AWS::SecretsManager::Secret', 'SigningSecret')),
      nextEnd: () => cloud.nextExecutionEnd(),
      queryState: async (id) => {
        const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
        return QueryExecution?.Status?.State ?? '';
      },
    };
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}
