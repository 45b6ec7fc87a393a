import { emitExecutionMetrics } from './api/execution-metrics';
import { StatusChangeEvent } from './api/status-change';
import { INTERNAL_ERROR } from './interpreter/failure';
import { stepFunctionsResources } from './resources';
import { ObservedEvent, StepFunctionsService } from './service';
import { stepFunctionsWire } from './wire';
import { MetricStore } from '../cloudwatch/metric-store';
import { asError } from '../errors';
import { EventBus } from '../events/event-bus';
import { Keys } from '../kms/keys';
import { LambdaService } from '../lambda/lambda-service';
import { DeliveryPolicy } from '../logs/delivery-policy';
import { LogStore } from '../logs/log-store';
import { CloudContext, ServiceModule } from '../service-module';

interface Needs {
  readonly keys: Keys;
  readonly lambda: LambdaService;
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
}

/** Step Functions. Tasks can call the services that the cloud has so far. */
export function stepFunctionsModule(context: CloudContext, needs: Needs): ServiceModule<StepFunctionsProvided> {
  const { keys, lambda, logs, logDelivery, events, metrics } = needs;
  const { clock, onFault, sessions, settings: { random }, wires } = context;
  const emit = metrics.emitter(clock);
  const observers = new Set<(observed: ObservedEvent) => void>();
  const stepFunctions = new StepFunctionsService({
    ...context,
    random,
    targets: { services: wires.map(({ service }) => service), lambda },
    assumeRole: async (roleArn, name) => sessions.caller(roleArn, 'states.amazonaws.com', name),
    useKey: keys.use,
    logGroupExists: (arn) => logs.has(arn),
    admitLogGroup: (arn) => logDelivery.admit(arn),
    observe: (observed) => {
      const { error, cause } = observed.event.details;
      if (error === INTERNAL_ERROR) onFault(new Error(cause));
      observers.forEach((observer) => observer(observed));
    },
    onEvent: (event: StatusChangeEvent) => {
      emitExecutionMetrics(event, emit);
      events.publish({ ...event, resources: [...event.resources] }).catch((fault: unknown) => onFault(asError(fault)));
    },
  });
  return {
    provides: {
      stepFunctions,
      observe: (observer) => {
        observers.add(observer);
        return () => observers.delete(observer);
      },
    },
    resources: stepFunctionsResources(stepFunctions),
    wire: stepFunctionsWire(stepFunctions),
    target: {
      service: 'states',
      deliver: async (stateMachineArn, input, caller) => void await stepFunctions.call('StartExecution', { stateMachineArn, input }, caller),
    },
  };
}
