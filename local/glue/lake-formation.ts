import { GlueTable } from './catalog';
import { Authorize, CallContext, ServiceError } from '../aws/service';

/**
 * The part of AWS Lake Formation that a query meets: which data it governs, and who may read which tables there. Tests set it up; it has neither
 * resource types nor operations here.
 */
export class LakeFormation {
  private readonly locations: string[] = [];
  /** `<ARN of the principal> <database>.<table>`. */
  private readonly grants = new Set<string>();

  constructor(private readonly authorize: Authorize) {}

  /** Governs all data under the location, such as `s3://bucket/prefix/`, from now on. */
  register(location: string): void {
    if (!/^s3:\/\/[^/]+\/(.*\/)?$/.test(location)) throw new Error(`A location of Lake Formation is of the form s3://bucket/prefix/, got ${location}`);
    this.locations.push(location);
  }

  /** Grants `SELECT` on a table to a role or a user. */
  grantSelect(principalArn: string, { database, name }: Pick<GlueTable, 'database' | 'name'>): void {
    this.grants.add(grant(principalArn, database, name));
  }

  governs({ location }: GlueTable): boolean {
    return this.locations.some((registered) => location.startsWith(registered));
  }

  /** Gives access to the data of a table, for which the caller then needs no right of its own. Throws AccessDeniedException. */
  async getDataAccess({ database, name }: GlueTable, context: CallContext): Promise<void> {
    await this.authorize({ action: 'lakeformation:GetDataAccess', resource: '*' }, context);
    const { roleArn, arn = 'anonymous' } = context.caller;
    if (this.grants.has(grant(roleArn ?? arn, database, name))) return;
    throw new ServiceError('AccessDeniedException', `Insufficient Lake Formation permission(s): Required Select on ${name}`);
  }
}

function grant(principalArn: string, database: string, table: string): string {
  return `${principalArn} ${database}.${table}`;
}
