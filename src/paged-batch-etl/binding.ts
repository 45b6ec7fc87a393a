/**
 * What a strategy class hands to the construct. Internal: strategies are chosen by factory, not written by users,
 * so these interfaces may change in any release. A binding is stateless: one strategy object serves several constructs.
 */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';

import { Construct, IDependable } from 'constructs';
import { ParameterRule, WindowConfig } from './contract';
import { JsonObject } from './filter-structure';
import { AslState } from '../private/synth/asl';

/** A parameter of the run's input. */
export interface RunParameterBinding {
  readonly rule: ParameterRule;
  /** Absent for a parameter that every run must give. */
  readonly defaultValue?: string | number;
}

export type RunParameterBindings = Readonly<Record<string, RunParameterBinding>>;

/** Which documents are read. */
export interface MongoFilterBinding {
  /** EJSON text, without white space between its tokens. */
  readonly text: string;
  readonly parsed: JsonObject;
}

/** Where pages come from. */
export interface PageSourceBinding {
  /** What the source function needs. Checks the source against the parameters of the run and throws `InvalidPropError`. */
  bind(options: PageSourceBindOptions): PageSourceParts;
}

export interface PageSourceBindOptions {
  readonly scope: Construct;
  readonly parameters: RunParameterBindings;
}

export interface PageSourceParts {
  /** Folder of the handler's bundle, under `assets/paged-batch-etl/`. */
  readonly bundle: string;
  readonly description: string;
  /** Environment beside what all source functions have. */
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly PolicyStatement[];
  readonly timeout: Duration;
  readonly memorySize: number;
  readonly vpc?: IVpc;
  readonly vpcSubnets?: SubnetSelection;
  readonly securityGroups?: ISecurityGroup[];
}

/** How the items of a page are processed. */
export interface ItemProcessorBinding {
  /** Items in a page unless the construct is told otherwise. */
  readonly defaultBatchSize: number;
  /** Most bytes of a page, as UTF-8 JSON. */
  readonly maxPageBytes: number;
  /** Renders the state called `Process Page`, which takes the items of `$.page` and replaces them, and what belongs to it. */
  render(options: ProcessPageOptions): ProcessPageStates;
  /** Rights that the role of the machine needs to process. */
  statements(scope: Construct): PolicyStatement[];
}

export interface ProcessPageOptions {
  readonly partition: string;
  /** `parameters` member of what processors get: `$`-paths to the declared parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** State that follows a processed page. */
  readonly next: string;
  /** Whether a redrive goes on inside this machine, so that names of child executions may be taken. */
  readonly redrivenInside: boolean;
}

export interface ProcessPageStates {
  readonly states: { readonly [name: string]: AslState };
  /** Those of the states that are entered only after a redrive, each on the way to another attempt at the page. */
  readonly afterRedrive: readonly string[];
  /** Whether the processor's answer can name failed items: then it stands in `$.page.answer`. */
  readonly answers: boolean;
}

/** How the history of executions is kept short. */
export interface HistoryRestartBinding {
  create(scope: Construct, props: WorkflowProps): WorkflowParts;
}

/** What the machines are made of. */
export interface WorkflowProps {
  readonly sourceFunction: IFunction;
  /** Time-out of one invocation of the source function. */
  readonly sourceTimeout: Duration;
  readonly parameters: RunParameterBindings;
  readonly processor: ItemProcessorBinding;
  /** Most items in a page: pages per segment are computed for it. */
  readonly batchSize: number;
  readonly workflowLogGroup?: ILogGroup;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

export interface WorkflowParts {
  /** What users start. */
  readonly workflow: StateMachine;
  /** The machine that walks pages, where it is another. */
  readonly segment?: StateMachine;
  readonly workflowLogGroup: ILogGroup;
  /** Log group of the segments, where there are any. */
  readonly segmentLogGroup?: ILogGroup;
  /** What must exist before a run is started, where that is more than the workflow. */
  readonly continuation?: IDependable;
  /** Roles of the machines. */
  readonly workflowRole: Role;
  readonly segmentRole?: Role;
  readonly pagesPerSegment: number;
  readonly largestSafeBatchSize: number;
  /** Most items of one run with every page full; undefined where nothing limits it. */
  readonly maxItemsPerRun?: number;
}

/** Which window a schedule runs. */
export interface RunWindowBinding {
  readonly config: WindowConfig;
}
