import { LambdaHttpService } from './http';
import { LambdaService } from './lambda-service';
import { lambdaChanges, lambdaResources } from './resources';
import { roleLogs } from './role-log';
import { MetricStore } from '../cloudwatch/metric-store';
import { LogStore } from '../logs/log-store';
import { CloudContext, ServiceModule } from '../service-module';
import { Sqs } from '../sqs/sqs';

const LAMBDA = 'lambda.amazonaws.com';

interface Needs {
  readonly logs: LogStore;
  readonly metrics: MetricStore;
  /** For what asynchronous invocations failed at. */
  readonly sqs: Sqs;
}

export function lambdaModule(context: CloudContext, { logs, metrics, sqs }: Needs): ServiceModule<{ readonly lambda: LambdaService }> {
  const assumeRole = async (roleArn: string, functionName: string) => context.sessions.caller(roleArn, LAMBDA, functionName);
  const lambda = new LambdaService({
    ...context,
    assumeRole,
    emitMetric: metrics.emitter(context.clock),
    credentialsFor: (roleArn, functionName) => context.sessions.credentialsFor(roleArn, LAMBDA, functionName),
    sendToQueue: async (arn, body, caller) => void await sqs.deliver(arn, body, caller),
    networkOwners: context.settings.networkOwners,
    extraEnvironment: context.sdkEnvironment,
    openLog: roleLogs({ ...context, store: logs, assumeRole }),
  });
  return {
    provides: { lambda },
    resources: lambdaResources(lambda),
    changes: lambdaChanges(lambda),
    http: new LambdaHttpService(lambda),
    target: { service: 'lambda', deliver: async (arn, input, caller) => lambda.invokeAsynchronously(arn, input, caller) },
    notModelled: () => lambda.notModelled,
    close: async () => lambda.close(),
    removeFolders: () => lambda.removeFolders(),
  };
}
