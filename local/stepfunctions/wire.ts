import { StepFunctionsService } from './service';
import { WireService } from '../http/http-service';

/** How Step Functions is reached over HTTP. */
export function stepFunctionsWire(service: StepFunctionsService): WireService {
  return { service, protocol: { kind: 'json', version: '1.0', targetPrefix: 'AWSStepFunctions' } };
}
