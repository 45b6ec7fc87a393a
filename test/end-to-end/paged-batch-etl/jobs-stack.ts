import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { TEST_HOST } from './remote-functions';
import { ItemProcessor, MongoSourceOptions, PagedBatchEtl, PagedBatchEtlProps, PageSource } from '../../../src';
import { defaultRuntime } from '../../../src/private/synth/node-runtime';
import { etlProps, mongoSource } from '../../support/synth-etl';

/** The function that processes items unless a test says otherwise. */
export const PROCESS = 'Process';

export interface JobsStackProps extends StackProps {
  /** Makes what a test is about. */
  readonly define: (stack: JobsStack) => void;
}

/** A stack around the published use case: a secret, functions whose behaviour the test decides, and what the test adds. */
export class JobsStack extends Stack {
  /** Where the server is, and as whom to read; filled in once the stack is deployed. */
  readonly connection = new Secret(this, 'Connection');
  private readonly relays = new Map<string, LambdaFunction>();
  private readonly machines = new Map<string, StateMachine>();

  constructor(scope: Construct, id: string, props: JobsStackProps) {
    super(scope, id, props);
    props.define(this);
  }

  /** The function with this name, which the test knows by it. */
  relay(name: string): LambdaFunction {
    const relay = this.relays.get(name) ?? new LambdaFunction(this, name, {
      runtime: defaultRuntime(),
      handler: 'index.handler',
      code: Code.fromAsset(join(__dirname, 'relay')),
      timeout: Duration.seconds(30),
      environment: { TEST_URL: `https://${TEST_HOST}/${name}` },
    });
    this.relays.set(name, relay);
    return relay;
  }

  /** A state machine that hands its input to the function with this name, and answers what that answers. */
  relayMachine(name: string): StateMachine {
    const existing = this.machines.get(name);
    if (existing !== undefined) return existing;
    const call = new LambdaInvoke(this, `Call${name}`, { lambdaFunction: this.relay(name), payloadResponseOnly: true, retryOnServiceExceptions: false });
    const machine = new StateMachine(this, `${name}Machine`, { definitionBody: DefinitionBody.fromChainable(call) });
    this.machines.set(name, machine);
    return machine;
  }

  /** Another secret than that of the stack, which the test fills in. */
  secret(name: string): Secret {
    return new Secret(this, name);
  }

  /** The collection `jobs`, a window of dates. */
  source(options: Partial<MongoSourceOptions> = {}): PageSource {
    return mongoSource(this, { connectionSecret: this.connection, ...options });
  }

  /** The published use case, with whatever is given instead. */
  etl(id: string, props: Partial<PagedBatchEtlProps> = {}): PagedBatchEtl {
    const { source = this.source(), processor = ItemProcessor.perBatch({ handler: this.relay(PROCESS) }) } = props;
    return new PagedBatchEtl(this, id, etlProps(this, { removalPolicy: RemovalPolicy.DESTROY, ...props, source, processor }));
  }
}
