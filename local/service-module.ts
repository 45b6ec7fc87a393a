import { Account } from './account/account';
import { AwsEnvironment, DeliverToTarget } from './aws/service';
import { Clock } from './clock';
import { Certificates } from './http/certificates';
import { HttpService, WireService } from './http/http-service';
import { LocalNetwork } from './network/local-network';
import { ResourceChanges, ResourceProviders } from './template/resource';

/** What users of the cloud can set. */
export interface CloudSettings {
  /** Virtual milliseconds for each real one while Athena runs a query; default 1. */
  readonly enginePace?: number;
  /** Rows after which UNLOAD begins another file; default 1,000. */
  readonly rowsPerUnloadedFile?: number;
  /** Virtual milliseconds from the time to live of an item in DynamoDB to its deletion; default two days. */
  readonly ttlDelay?: number;
  /** Accounts that own subnets and security groups of shared VPCs, by their ids. Default: all are the account's own. */
  readonly networkOwners?: Readonly<Record<string, string>>;
  /** From 0 (inclusive) to 1 (exclusive), for the jitter of retries and flexible time windows; default `Math.random`. */
  readonly random?: () => number;
}

/** What a cloud has before it has services: an account, time, and ways to and from its processes. */
export interface CloudBasics extends Account {
  readonly environment: AwsEnvironment;
  readonly clock: Clock;
  readonly settings: CloudSettings;
  /** For servers that services open. */
  readonly certificates: Certificates;
  /** Told of every gap and fault of the local cloud itself. */
  readonly onFault: (fault: Error) => void;
  /** Told of what AWS passes over in silence. */
  readonly warn: (warning: string) => void;
  /** Variables that lead the SDK in a process to the cloud. Known once the cloud runs. */
  readonly sdkEnvironment: () => Readonly<Record<string, string>>;
  /** What processes can reach beside loopback, and the ports of loopback that they can reach. */
  readonly network: () => LocalNetwork;
  readonly loopbackPorts: () => readonly number[];
}

/** What each service gets from the cloud. Both lists grow until the last service is there: whoever looks later finds all. */
export interface CloudContext extends CloudBasics {
  /** Services whose operations can be called by name. */
  readonly wires: readonly WireService[];
  /** Services that rules and schedules can have as targets. */
  readonly targets: Readonly<Record<string, DeliverToTarget>>;
}

/** One service, as its folder hands it to the cloud. */
export interface ServiceModule<Provided extends object = object> {
  /** What everybody else can use of it, under the names that the cloud has for it. */
  readonly provides: Provided;
  /** Which types of resources it makes. */
  readonly resources?: ResourceProviders;
  /** How they live on when their stack is updated. */
  readonly changes?: ResourceChanges;
  /** How it is reached over HTTP: by operations that are JSON objects, or speaking HTTP itself. */
  readonly wire?: WireService;
  readonly http?: HttpService;
  /** Takes what rules and schedules send to its ARNs, where it can be their target. */
  readonly target?: { readonly service: string; readonly deliver: DeliverToTarget };
  /** What templates say in vain: accepted, and without effect here. */
  readonly notModelled?: () => readonly string[];
  /** After each deployment: opens the addresses of what was made. */
  readonly deployed?: () => Promise<void>;
  /** Ends what runs. */
  readonly close?: () => Promise<void>;
  /** Deletes what is on the disk, at once: the process may be about to end. */
  readonly removeFolders?: () => void;
}

/** The services of a cloud. What each one needs of others is checked as the list grows: it must be provided further up. */
export class ServiceList<Provided extends object> {
  /** A list with nothing in it yet. */
  static for(basics: CloudBasics): ServiceList<object> {
    const wires: WireService[] = [];
    const targets: Record<string, DeliverToTarget> = {};
    const register = ({ wire, target }: ServiceModule): void => {
      if (wire !== undefined) wires.push(wire);
      if (target !== undefined) targets[target.service] = target.deliver;
    };
    return new ServiceList({ ...basics, wires, targets }, register, [], {});
  }

  private constructor(
    private readonly context: CloudContext,
    private readonly register: (module: ServiceModule) => void,
    readonly modules: readonly ServiceModule[],
    readonly services: Provided,
  ) {}

  with<More extends object>(create: (context: CloudContext, services: Provided) => ServiceModule<More>): ServiceList<Provided & More> {
    const module = create(this.context, this.services);
    const taken = Object.keys(module.provides).find((name) => name in this.services);
    if (taken !== undefined) throw new Error(`Two services of the local cloud are called ${taken}`);
    this.register(module);
    return new ServiceList(this.context, this.register, [...this.modules, module], { ...this.services, ...module.provides });
  }
}
