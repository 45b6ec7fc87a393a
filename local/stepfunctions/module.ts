import { changeOf, emitExecutionMetrics, emitExpressMetrics, ExpressChange } from './api/execution-metrics';
import { StatusChangeEvent } from './api/status-change';
import { AssumeAnotherRole, AssumeRole } from './integrations/integration';
import { s3Storage } from './integrations/s3-storage';
import { INTERNAL_ERROR } from './interpreter/failure';
import { stepFunctionsChanges, stepFunctionsResources } from './resources';
import { ObservedEvent, StepFunctionsService } from './service';
import { stepFunctionsWire } from './wire';
import { MetricStore } from '../cloudwatch/metric-store';
import { asError } from '../errors';
import { EventBus } from '../events/event-bus';
import { memberOf } from '../json';
import { Keys } from '../kms/keys';
import { LambdaService } from '../lambda/lambda-service';
import { DeliveryPolicy } from '../logs/delivery-policy';
import { LogStore } from '../logs/log-store';
import { S3Operations } from '../s3/operations';
import { S3Service } from '../s3/s3-service';
import { CloudContext, ServiceModule } from '../service-module';
import { Sts } from '../sts/sts';

interface Needs {
  readonly keys: Keys;
  readonly lambda: LambdaService;
  readonly s3: S3Service;
  readonly sts: Sts;
  readonly logs: LogStore;
  readonly logDelivery: DeliveryPolicy;
  /** Both are told of every execution that starts or ends. */
  readonly events: EventBus;
  readonly metrics: MetricStore;
}

export interface StepFunctionsProvided {
  readonly stepFunctions: StepFunctionsService;
  /** Shows every event of every execution as it happens; the answer ends that. */
  readonly observe: (observer: (observed: ObservedEvent) => void) => () => void;
  /** Tells when an Express execution starts or ends, also of a distributed Map, and then what it is billed for; the answer ends that. */
  readonly observeExpress: (observer: (change: ExpressChange) => void) => () => void;
}

/** Step Functions. Tasks can call the services that the cloud has so far. */
export function stepFunctionsModule(context: CloudContext, needs: Needs): ServiceModule<StepFunctionsProvided> {
  const { keys, lambda, s3, sts, logs, logDelivery, events, metrics } = needs;
  const { clock, onFault, sessions, settings: { random }, wires } = context;
  const emit = metrics.emitter(clock);
  const assumeRole: AssumeRole = async (roleArn, name) => sessions.caller(roleArn, 'states.amazonaws.com', name);
  const assumeAnotherRole: AssumeAnotherRole = async (roleArn, name, caller) => {
    // Characters that names of executions may have, and names of sessions not.
    const RoleSessionName = name.replace(/[^\w+=,.@-]/g, '-').slice(0, 64);
    const { Credentials: issued } = await sts.call('AssumeRole', { RoleArn: roleArn, RoleSessionName }, caller);
    const found = context.credentials.find(String(memberOf(issued, 'AccessKeyId')));
    if (found === undefined) throw new Error(`STS issued no credentials for ${roleArn}`);
    return found.caller;
  };
  const observers = new Observers<ObservedEvent>();
  const expressObservers = new Observers<ExpressChange>();
  const stepFunctions = new StepFunctionsService({
    ...context,
    random,
    targets: { services: [...wires.map(({ service }) => service), new S3Operations(s3)], lambda, assumeAnotherRole },
    storage: s3Storage(s3, assumeRole),
    assumeRole,
    useKey: keys.use,
    logGroupExists: (arn) => logs.has(arn),
    admitLogGroup: (arn) => logDelivery.admit(arn),
    observe: (observed) => {
      const { error, cause } = observed.event.details;
      if (error === INTERNAL_ERROR) onFault(new Error(cause));
      observers.tell(observed);
    },
    writeLog: (arn, line) => logs.writeTo(arn, line),
    onExpress: (change) => {
      emitExpressMetrics(change, emit);
      expressObservers.tell(change);
    },
    onEvent: (event: StatusChangeEvent) => {
      emitExecutionMetrics(changeOf(event), emit);
      events.publish({ ...event, resources: [...event.resources] }).catch((fault: unknown) => onFault(asError(fault)));
    },
  });
  return {
    provides: {
      stepFunctions,
      observe: observers.add,
      observeExpress: expressObservers.add,
    },
    resources: stepFunctionsResources(stepFunctions),
    changes: stepFunctionsChanges(stepFunctions),
    wire: stepFunctionsWire(stepFunctions),
    target: {
      service: 'states',
      deliver: async (stateMachineArn, input, caller) => void await stepFunctions.call('StartExecution', { stateMachineArn, input }, caller),
    },
  };
}

/** Who wants to be told of something. */
class Observers<T> {
  private readonly observers = new Set<(observed: T) => void>();

  /** The answer ends it. */
  readonly add = (observer: (observed: T) => void): () => void => {
    this.observers.add(observer);
    return () => {
      this.observers.delete(observer);
    };
  };

  tell(observed: T): void {
    this.observers.forEach((observer) => observer(observed));
  }
}
