import { EmitMetric } from '../cloudwatch/metric-store';

/**
 * What AWS/DynamoDB tells of a table, as far as it is exact here: nothing is throttled, latencies are not modelled, and capacity is not counted unless it is
 * asked for. Source: developer guide, "DynamoDB metrics and dimensions".
 */
export class TableMetrics {
  /** @param emit default: nobody is told */
  constructor(private readonly emit: EmitMetric = () => undefined) {}

  conditionFailed(tableName: string): void {
    this.count('ConditionalCheckFailedRequests', { TableName: tableName }, 1);
  }

  returned(tableName: string, operation: string, items: number): void {
    this.count('ReturnedItemCount', { TableName: tableName, Operation: operation }, items);
  }

  /** Told when somebody uses the table next, which is when it happens here. */
  expired(tableName: string, items: number): void {
    if (items > 0) this.count('TimeToLiveDeletedItemCount', { TableName: tableName }, items);
  }

  private count(name: string, dimensions: Readonly<Record<string, string>>, value: number): void {
    this.emit({ namespace: 'AWS/DynamoDB', name, dimensions }, value, 'Count');
  }
}
