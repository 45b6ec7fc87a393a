import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** What queries may read or write. */
export interface QueryableDataBinding {
  /** Rights of the query role, to be used by Athena only. */
  statements(scope: Construct): PolicyStatement[];
}
