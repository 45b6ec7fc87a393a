import { Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { glueArn } from '../../private/synth/athena-calls';
import { checkGlueName, DEFAULT_CATALOG, refusePrefix } from '../../private/synth/glue-names';
import { checkText, InvalidPropError, refuseToken } from '../../private/synth/validation';

/** What Athena asks Glue for to read tables. `BatchGetTable` is not in its documentation and was seen in CloudTrail. */
export const READ_CATALOG: readonly string[] = [
  'glue:BatchGetPartition', 'glue:BatchGetTable', 'glue:GetDatabase', 'glue:GetPartition', 'glue:GetPartitions', 'glue:GetTable', 'glue:GetTables',
];

export interface GlueNames {
  readonly database: string;
  readonly tables?: readonly string[];
}

/** A wildcard in a name would silently widen what queries may read. */
export function checkGlueNames(factory: string, { database, tables }: GlueNames): void {
  const name = /^[^*?/]+$/;
  checkText(`database of ${factory}`, database, name, 'the name of one database', 'add one QueryableData for each database');
  refusePrefix(`database of ${factory}`, database, { is: 'catalog', name: DEFAULT_CATALOG });
  checkGlueName(`database of ${factory}`, database);
  refuseToken(`tables of ${factory}`, Token.isUnresolved(tables), 'write the list out; its entries may be tokens');
  if (tables?.length === 0) {
    throw new InvalidPropError(`tables of ${factory}`, [], 'a list of at least one table', 'leave tables out for all tables of the database');
  }
  for (const table of tables ?? []) {
    checkText(`every table of ${factory}`, table, name, 'the name of one table', 'leave tables out for all tables of the database');
    refusePrefix(`every table of ${factory}`, table, { is: 'database', name: database });
    checkGlueName(`every table of ${factory}`, table);
  }
}

/** The catalog, the database and the tables: Glue asks for a right on all of them. */
export function glueArns(scope: Construct, { database, tables }: GlueNames): string[] {
  return [
    glueArn(scope, 'catalog'), glueArn(scope, 'database', database),
    ...(tables ?? ['*']).map((table) => glueArn(scope, 'table', `${database}/${table}`)),
  ];
}
