import { MachineRecord } from './machine-record';
import { Operations, Workplace } from './operation';
import { Publication, readPublication } from './publication';
import { isSameMachine, readOptionalSettings, RevisionSettings } from './revision';
import { CallContext, ServiceError } from '../../aws/service';
import { JsonObject } from '../../json';
import { pageOf } from '../api/page';
import { assertName, MAX_ARN, MAX_DEFINITION, Request } from '../api/request';
import { describeStateMachine, MACHINE_TYPES, MachineType, StateMachine, summarizeStateMachine, toSeconds } from '../api/state-machine';
import { validateStateMachineDefinition } from '../api/validate-definition';
import { parseDefinition } from '../definition/validate';
import { AWS_TASKS } from '../integrations/parameters';
import { StateMachineDefinition } from '../interpreter/definition';
import { TaskResource } from '../interpreter/resource-arn';
import { JsonataQueries } from '../jsonata/queries';
import { setUpLogDelivery } from '../logging/log-delivery';
import { logGroupOf, NO_LOGS } from '../logging/settings';
import { StateMachineSettings } from '../options';

/** ARN of a role, with or without a path. */
const ROLE_ARN = /^arn:[^:]+:iam::\d{12}:role\/.+$/;

/** The state machines of the account. */
export class StateMachines {
  readonly operations: Operations = {
    CreateStateMachine: async (request, context) => this.createFromRequest(request, context),
    DescribeStateMachine: async (request, context) => this.describe(request, context),
    UpdateStateMachine: async (request, context) => this.update(request, context),
    DeleteStateMachine: async (request, context) => this.delete(request, context),
    ListStateMachines: async (request, context) => this.list(request, context),
    ValidateStateMachineDefinition: async (request, context) => {
      const { access, integrations } = this.workplace;
      await access.allow('ValidateStateMachineDefinition', '*', context);
      return validateStateMachineDefinition(request, { ...AWS_TASKS, supports: (resource) => integrations.supports(resource) });
    },
  };

  private readonly machines = new Map<string, MachineRecord>();

  constructor(private readonly workplace: Workplace) {}

  /** The newest revision of a state machine, or the one that a version has. */
  get(arn: string): StateMachine {
    const [, machineArn, number] = /^(.*:stateMachine:[^:]+)(?::(\d+))?$/.exec(arn) ?? [];
    const record = this.machines.get(machineArn);
    const machine = number === undefined ? record?.current : record?.version(Number(number));
    return machine ?? doesNotExist(arn);
  }

  /** One that is not being deleted. */
  active(arn: string): StateMachine {
    const machine = this.get(arn);
    this.record(machine.arn);
    return machine;
  }

  /** What is known of a state machine, also while it is being deleted. */
  find(arn: string): MachineRecord | undefined {
    return this.machines.get(arn);
  }

  /** What is known of a state machine that is not being deleted. */
  record(arn: string): MachineRecord {
    const record = this.find(arn) ?? doesNotExist(arn);
    if (record.deleting) throw new ServiceError('StateMachineDeleting', `State Machine Deleting: '${arn}'`);
    return record;
  }

  /** A state machine that is being deleted stays until its executions have ended. */
  keepUntil(arn: string, ended: Promise<void>): void {
    const record = this.machines.get(arn);
    if (record === undefined) return;
    record.running++;
    void ended.then(() => {
      record.running--;
      this.dropIfGone(arn, record);
    });
  }

  async create(wanted: StateMachineSettings): Promise<MachineRecord> {
    const { name, type = 'STANDARD', roleArn, definition: definitionText, logging = NO_LOGS, tracing = false, encryption } = wanted;
    assertName(name);
    const arn = this.workplace.access.arn('stateMachine', name);
    const settings: RevisionSettings = { arn, type, roleArn, definitionText, logging, tracing, encryption };
    const checked = await this.check(settings);
    if (this.machines.has(arn)) {
      const record = this.record(arn);
      if (isSameMachine(record.current, settings)) return record;
      throw new ServiceError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
    }
    const now = this.workplace.options.clock.now();
    const record = new MachineRecord({ ...settings, ...checked, name, creationTime: now, updateTime: now });
    this.machines.set(arn, record);
    return record;
  }

  /** Gives a state machine other settings, all of them. Executions that were started before keep their definition and their role. */
  async change(arn: string, { type = 'STANDARD', roleArn, definition: definitionText, logging = NO_LOGS, tracing = false, encryption }: StateMachineSettings): Promise<MachineRecord> {
    const record = this.record(arn);
    await this.revise(record, { arn, type, roleArn, definitionText, logging, tracing, encryption });
    return record;
  }

  /** Executions that run go on; without any the state machine is gone at once. There need not be one. */
  remove(arn: string): void {
    const record = this.machines.get(arn);
    if (record === undefined) return;
    record.deleting = true;
    this.dropIfGone(arn, record);
  }

  private async revise(record: MachineRecord, settings: RevisionSettings, publishes = false): Promise<void> {
    const { options: { clock }, uuid } = this.workplace;
    const { current } = record;
    const checked = await this.check(settings);
    // The first update makes a revision that has an id even if nothing changes, unless it publishes.
    const isFirst = current.revisionId === undefined && !publishes;
    const isNew = isFirst || settings.roleArn !== current.roleArn || !isSameMachine(current, settings);
    if (isNew) record.current = { ...current, ...settings, ...checked, revisionId: uuid(), updateTime: clock.now() };
  }

  private async createFromRequest(request: Request, context: CallContext): Promise<JsonObject> {
    const { access } = this.workplace;
    const name = request.name('name') ?? request.string('name');
    const settings = {
      name,
      roleArn: request.string('roleArn', MAX_ARN, 1),
      definition: request.string('definition', MAX_DEFINITION, 1),
      type: request.oneOf('type', MACHINE_TYPES),
      ...readOptionalSettings(request),
    };
    const publish = readPublication(request);
    // Tags do not change what an execution does.
    request.ignore('tags');
    await access.allow('CreateStateMachine', access.arn('stateMachine', name), context);
    await access.allowPassRole(settings.roleArn, context);
    const record = await this.create({ ...settings, encryption: settings.encryption ?? undefined });
    const { arn, creationTime } = record.current;
    return { stateMachineArn: arn, creationDate: toSeconds(creationTime), ...this.publishIf(publish, record) };
  }

  private async describe(request: Request, context: CallContext): Promise<JsonObject> {
    const { access } = this.workplace;
    const arn = request.arn('stateMachineArn', 'stateMachine');
    const included = request.includesData();
    await access.allow('DescribeStateMachine', arn, context);
    const machine = this.get(arn);
    if (included) await access.keys.allowCaller('DescribeStateMachine', machine, context);
    return describeStateMachine(machine, this.machines.get(machine.arn)?.deleting ?? false, included);
  }

  private async update(request: Request, context: CallContext): Promise<JsonObject> {
    const { access, options: { clock } } = this.workplace;
    const arn = request.wholeMachineArn();
    const [definition, roleArn] = [request.optionalString('definition', MAX_DEFINITION, 1), request.optionalString('roleArn', MAX_ARN, 1)];
    const { logging, tracing, encryption } = readOptionalSettings(request);
    const publish = readPublication(request);
    await access.allow('UpdateStateMachine', arn, context);
    if (roleArn !== undefined) await access.allowPassRole(roleArn, context);
    const record = this.record(arn);
    if ([definition, roleArn, logging, tracing, encryption].every((value) => value === undefined) && publish === undefined) {
      const choices = 'the definition, the role ARN, the LoggingConfiguration, the EncryptionConfiguration or the TracingConfiguration';
      throw new ServiceError('MissingRequiredParameter', `Either ${choices} must be specified`);
    }
    const { current } = record;
    const settings: RevisionSettings = {
      ...current,
      roleArn: roleArn ?? current.roleArn,
      definitionText: definition ?? current.definitionText,
      logging: logging ?? current.logging,
      tracing: tracing ?? current.tracing,
      encryption: encryption === null ? undefined : encryption ?? current.encryption,
    };
    await this.revise(record, settings, publish !== undefined);
    const { revisionId } = record.current;
    return { updateDate: toSeconds(clock.now()), ...revisionId !== undefined && { revisionId }, ...this.publishIf(publish, record) };
  }

  private async delete(request: Request, context: CallContext): Promise<JsonObject> {
    const arn = request.wholeMachineArn();
    await this.workplace.access.allow('DeleteStateMachine', arn, context);
    this.remove(arn);
    return {};
  }

  private async list(request: Request, context: CallContext): Promise<JsonObject> {
    await this.workplace.access.allow('ListStateMachines', '*', context);
    const machines = [...this.machines.values()].map(({ current }) => summarizeStateMachine(current));
    const page = pageOf(request, machines.length, { growing: true });
    return { stateMachines: machines.slice(page.start, page.end), ...page.nextToken };
  }

  private publishIf(publish: Publication | undefined, record: MachineRecord): JsonObject {
    if (publish === undefined) return {};
    return { stateMachineVersionArn: record.publish(this.workplace.options.clock.now(), publish.description).arn };
  }

  /** Whether the settings are possible and the role may do what they need. */
  private async check(settings: RevisionSettings): Promise<Pick<StateMachine, 'definition' | 'queries' | 'logGroupArn'>> {
    const { arn, type, roleArn, definitionText, logging, encryption } = settings;
    const { access, options } = this.workplace;
    if (!ROLE_ARN.test(roleArn)) throw new ServiceError('InvalidArn', `Invalid Role Arn: '${roleArn}'`);
    const { definition, resources } = this.parse(definitionText, type);
    const logGroupArn = logGroupOf(logging);
    const context = await access.roleContext(roleArn);
    if (resources.some(needsManagedRule)) await access.allowManagedRule(roleArn, context);
    const queries = new JsonataQueries();
    if (logGroupArn === undefined) return { definition, queries, logGroupArn };
    const arrives = await setUpLogDelivery({ ...options, keys: access.keys }, logGroupArn, { arn, encryption }, context);
    return { definition, queries, logGroupArn: arrives ? logGroupArn : undefined };
  }

  private parse(text: string, type: MachineType): { definition: StateMachineDefinition; resources: readonly TaskResource[] } {
    const { integrations } = this.workplace;
    const resources: TaskResource[] = [];
    const definition = parseDefinition(text, {
      ...AWS_TASKS,
      supports: (resource) => {
        resources.push(resource);
        return integrations.supports(resource);
      },
      missingParameters: (resource, parameters) => integrations.missingParameters?.(resource, parameters) ?? [],
    }, type);
    return { definition, resources };
  }

  private dropIfGone(arn: string, { deleting, running }: MachineRecord): void {
    if (deleting && running === 0) this.machines.delete(arn);
  }
}

function needsManagedRule(resource: TaskResource): boolean {
  return resource.kind === 'service' && resource.service === 'states' && (resource.pattern === 'sync' || resource.pattern === 'sync:2');
}

function doesNotExist(arn: string): never {
  throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
}
