import { Authorize, Caller, ServiceError } from '../aws/service';

/** What Lambda does in the name of a function whose calls are traced. */
const TRACING_ACTIONS = ['PutTraceSegments', 'PutTelemetryRecords'];

/** Fails, as CreateFunction does, for a role that may not do what Lambda does in the name of its function. */
export async function assertRoleMay(service: 'EC2' | 'XRAY', action: string, resource: string, caller: Caller, authorize: Authorize): Promise<void> {
  try {
    await authorize({ action: `${service.toLowerCase()}:${action}`, resource }, { caller });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const message = `The provided execution role does not have permissions to call ${action} on ${service}`;
    throw new ServiceError('InvalidParameterValueException', message, 400, { Type: 'User' });
  }
}

/** Fails, as CreateFunction does, for a role that may not write traces. */
export async function assertTracing(caller: Caller, authorize: Authorize): Promise<void> {
  for (const action of TRACING_ACTIONS) await assertRoleMay('XRAY', action, '*', caller, authorize);
}
