import { EventBus, EventBusOptions, Undelivered } from './event-bus';
import { AwsEnvironment } from '../aws/service';

export interface EventBusesOptions extends EventBusOptions {
  readonly environment: AwsEnvironment;
}

/** What a bus of one's own can be called. Source: API reference of CreateEventBus; names with a slash are those of partners. */
const NAME = /^[.\-_A-Za-z0-9]{1,256}$/;

const DEFAULT = 'default';

/** The default event bus, and those that stacks make. */
export class EventBuses {
  /** What no bus could deliver. */
  readonly undelivered: Undelivered[] = [];
  /** The bus that is there in every account. */
  readonly default: EventBus;
  private readonly buses = new Map<string, EventBus>();

  constructor(private readonly options: EventBusesOptions) {
    this.default = this.add(DEFAULT);
  }

  /** Makes a bus as a deployment does, without asking anybody. */
  create(name: string): EventBus {
    if (!NAME.test(name) || name.startsWith('aws.')) {
      throw new Error(`Event bus name ${name}: 1 to 256 letters, digits, dots, hyphens and underscores are allowed, and no aws. first`);
    }
    if (this.buses.has(name)) throw new Error(`An event bus named ${name} already exists`);
    return this.add(name);
  }

  /** Deletes a bus of one's own. */
  remove(name: string): void {
    this.buses.delete(name);
  }

  /** The bus with this name or ARN; undefined when there is none. */
  find(nameOrArn: string): EventBus | undefined {
    return this.buses.get(nameOrArn) ?? [...this.buses].find(([name]) => this.arnOf(name) === nameOrArn)?.[1];
  }

  arnOf(name: string): string {
    const { partition, region, accountId } = this.options.environment;
    return `arn:${partition}:events:${region}:${accountId}:event-bus/${name}`;
  }

  private add(name: string): EventBus {
    const bus = new EventBus({ ...this.options, name, undelivered: this.undelivered });
    this.buses.set(name, bus);
    return bus;
  }
}
