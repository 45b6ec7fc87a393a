import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AwsEnvironment, CallContext } from '../../../local/aws/service';
import { VirtualClock } from '../../../local/clock';
import { FunctionConfiguration } from '../../../local/lambda/function-configuration';
import { LogEvent } from '../../../local/lambda/function-log';
import { functionArn } from '../../../local/lambda/function-names';
import { LambdaService, LambdaServiceOptions } from '../../../local/lambda/lambda-service';

export const ENVIRONMENT: AwsEnvironment = { accountId: '111122223333', region: 'eu-central-1', partition: 'aws', urlSuffix: 'amazonaws.com' };
export const CONTEXT: CallContext = { caller: { arn: 'arn:aws:iam::111122223333:role/caller', accountId: '111122223333' } };
/** Far from the real time. */
export const START = Date.parse('2031-05-06T07:08:09Z');

/** A Lambda service, the clock it lives by, and what it logged. */
export class Fixture {
  readonly clock = new VirtualClock(START);
  readonly events: LogEvent[] = [];
  readonly credentialRequests: string[] = [];
  /** How long the credentials of a process last, in virtual milliseconds. */
  credentialsLast = 3_600_000;
  readonly service: LambdaService;
  private readonly folder = mkdtempSync(join(tmpdir(), 'lambda-test-'));

  constructor(options: Partial<LambdaServiceOptions> = {}) {
    this.service = new LambdaService({
      environment: ENVIRONMENT,
      clock: this.clock,
      authorize: async () => {},
      credentialsFor: async (roleArn, functionName) => {
        this.credentialRequests.push(`${roleArn} ${functionName}`);
        const accessKeyId = `KEY${this.credentialRequests.length}`;
        return { accessKeyId, secretAccessKey: 'secret', sessionToken: 'token', expiresAt: this.clock.now() + this.credentialsLast };
      },
      assumeRole: async (roleArn) => ({ roleArn }),
      openLog: async () => (event) => this.events.push(event),
      ...options,
    });
  }

  /** Writes files to a bundle folder; answers the folder. */
  bundle(files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(join(this.folder, 'bundle-'));
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return folder;
  }

  /** Makes a function of the text of its `index.js`. */
  async create(functionName: string, source: string, settings: Partial<FunctionConfiguration> = {}): Promise<string> {
    const arn = functionArn(ENVIRONMENT, functionName);
    await this.service.createFunction({
      functionName,
      functionArn: arn,
      handler: 'index.handler',
      runtime: 'nodejs22.x',
      roleArn: 'arn:aws:iam::111122223333:role/function',
      timeoutSeconds: 20,
      memoryMegabytes: 256,
      variables: {},
      logGroup: `/aws/lambda/${functionName}`,
      logFormat: 'Text',
      code: { folder: this.bundle({ 'index.js': source }) },
      ...settings,
    });
    return arn;
  }

  /** Invokes a function and reads its payload; a failure of the function is an error of the test. */
  async answer(functionName: string, event: unknown = {}): Promise<unknown> {
    const result = await this.service.invoke(functionName, JSON.stringify(event), CONTEXT);
    if (result.functionError !== undefined) throw new Error(result.payload);
    return JSON.parse(result.payload);
  }

  /** Invokes a function that fails, and reads its error. */
  async failure(functionName: string, event: unknown = {}): Promise<{ errorType: string; errorMessage: string; trace?: string[] }> {
    const result = await this.service.invoke(functionName, JSON.stringify(event), CONTEXT);
    if (result.functionError !== 'Unhandled') throw new Error(`the function did not fail: ${result.payload}`);
    return JSON.parse(result.payload);
  }

  messages(): string[] {
    return this.events.map(({ message }) => message);
  }

  async close(): Promise<void> {
    await this.service.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
