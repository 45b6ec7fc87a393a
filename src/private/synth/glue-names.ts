import { Token } from 'aws-cdk-lib';
import { InvalidPropError } from './validation';

/** The catalog of Athena that is the Glue Data Catalog of the account. */
export const DEFAULT_CATALOG = 'AwsDataCatalog';

export function isDefaultCatalog(catalog: string): boolean {
  return catalog.toLowerCase() === DEFAULT_CATALOG.toLowerCase();
}

/** Refuses a name with that of what it is in before it. Names that are not known until deployment are left alone. */
export function refusePrefix(what: string, name: string, holder: { readonly is: 'catalog' | 'database'; readonly name: string }): void {
  const prefix = `${holder.name}.`;
  if (Token.isUnresolved(name) || Token.isUnresolved(prefix) || !name.toLowerCase().startsWith(prefix.toLowerCase())) return;
  throw new InvalidPropError(what, name, `a name without its ${holder.is} before it`, `write ${name.slice(prefix.length)}`);
}

/** Refuses a name that nothing in the Glue Data Catalog can have. Source: Glue web API reference, `DatabaseInput` and `TableInput`: names are folded. */
export function checkGlueName(what: string, name: string): void {
  if (Token.isUnresolved(name) || name === name.toLowerCase()) return;
  throw new InvalidPropError(what, name, 'in lower case', `Glue stores names in lower case: write ${name.toLowerCase()}`);
}
