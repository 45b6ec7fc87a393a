import { EmitMetric } from '../cloudwatch/metric-store';

/** What AWS/Lambda tells of a function. Source: Lambda developer guide, "Types of metrics for Lambda functions". */
export class FunctionMetrics {
  constructor(private readonly functionName: string, private readonly emit: EmitMetric) {}

  /** An invocation that a process takes; this many are under way with it. */
  started(concurrency: number): void {
    this.count('Invocations', 1);
    this.count('Throttles', 0);
    this.count('ConcurrentExecutions', concurrency);
  }

  ended(failed: boolean, durationMilliseconds: number): void {
    this.count('Errors', failed ? 1 : 0);
    this.put('Duration', durationMilliseconds, 'Milliseconds');
  }

  /** An invocation for which there was no room: it counts as no invocation. */
  throttled(): void {
    this.count('Throttles', 1);
  }

  private count(name: string, value: number): void {
    this.put(name, value, 'Count');
  }

  private put(name: string, value: number, unit: string): void {
    this.emit({ namespace: 'AWS/Lambda', name, dimensions: { FunctionName: this.functionName } }, value, unit);
  }
}
