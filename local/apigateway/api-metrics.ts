import { RestApi, Stage } from './definition';
import { EmitMetric } from '../cloudwatch/metric-store';

/** A request that was answered. */
export interface AnsweredRequest {
  readonly statusCode: number;
  /** Virtual milliseconds. */
  readonly latency: number;
}

/** What AWS/ApiGateway tells of a request. Source: API Gateway developer guide, "Amazon API Gateway dimensions and metrics". */
export function emitApiMetrics({ id, name }: RestApi, stage: Stage, { statusCode, latency }: AnsweredRequest, emit: EmitMetric): void {
  const ascii = name.replace(/[^\0-\x7f]/g, '');
  const api = { ApiName: ascii === '' ? id : ascii };
  for (const dimensions of [api, { ...api, Stage: stage.name }]) {
    const put = (metric: string, value: number, unit: string) => emit({ namespace: 'AWS/ApiGateway', name: metric, dimensions }, value, unit);
    put('Count', 1, 'Count');
    // Zeros too: the average is the rate of errors.
    put('4XXError', statusCode >= 400 && statusCode < 500 ? 1 : 0, 'Count');
    put('5XXError', statusCode >= 500 ? 1 : 0, 'Count');
    put('Latency', latency, 'Milliseconds');
  }
}
