import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { QueryableDataBinding } from './binding';
import { checkGlueNames, glueArns, READ_CATALOG } from './glue-catalog';
import type { LakeFormationOptions } from './queryable-data-options';
import { CALLED_VIA_ATHENA } from '../../private/synth/athena-calls';

/** Lake Formation decides what may be read, and gives Athena the credentials for it: the role needs no right to the data itself. */
export function lakeFormation(options: LakeFormationOptions): QueryableDataBinding {
  checkGlueNames('QueryableData.lakeFormation', options);
  return {
    statements: (scope) => [
      new PolicyStatement({ actions: [...READ_CATALOG], resources: glueArns(scope, options), conditions: CALLED_VIA_ATHENA }),
      // Lake Formation offers nothing narrower: its own grants say which data.
      new PolicyStatement({ actions: ['lakeformation:GetDataAccess'], resources: ['*'], conditions: CALLED_VIA_ATHENA }),
    ],
  };
}
