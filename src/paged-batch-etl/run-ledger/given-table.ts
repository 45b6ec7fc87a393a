import { ArnFormat, Stack } from 'aws-cdk-lib';
import { AttributeType, CfnGlobalTable, CfnTable, ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { differs } from '../../private/synth/place';
import { InvalidPropError } from '../../private/synth/validation';
import { warn } from '../../private/synth/warning';
import { LedgerAttribute } from '../contracts/run-ledger';

const WHAT = 'table of RunLedger.table';

const KEYS = `${LedgerAttribute.PARTITION} (HASH, ${AttributeType.STRING}), ${LedgerAttribute.SORT} (RANGE, ${AttributeType.STRING})`;

/** Refuses a table of the user's that cannot have a ledger, and warns of one that would keep items of runs for ever; as far as they can be known. */
export function checkGivenTable(scope: Construct, table: ITable): void {
  checkPlaceOf(scope, table);
  const made = table.node.defaultChild;
  // One that was looked up has none.
  if (!(made instanceof CfnTable || made instanceof CfnGlobalTable)) return;
  checkKeys(made);
  warnOfNoExpiry(scope, made);
}

/** A table that was looked up by its ARN says nowhere else where it is. */
function checkPlaceOf(scope: Construct, { tableArn, env }: ITable): void {
  const stack = Stack.of(scope);
  const { account = env.account, region = env.region } = stack.splitArn(tableArn, ArnFormat.SLASH_RESOURCE_NAME);
  const ofAnother = (ours: string, ...theirs: readonly string[]) => theirs.some((each) => differs(ours, each));
  if (!ofAnother(stack.account, account, env.account) && !ofAnother(stack.region, region, env.region)) return;
  throw new InvalidPropError(WHAT, tableArn, 'of the account and Region of the construct', 'the function that keeps the ledger calls no other; make a table there, or leave it out');
}

function checkKeys(made: CfnTable | CfnGlobalTable): void {
  const { keySchema, attributeDefinitions }: ResolvedKeys = Stack.of(made).resolve({
    keySchema: made.keySchema, attributeDefinitions: made.attributeDefinitions,
  });
  // What a transform or a condition decides is known to CloudFormation alone.
  if (!Array.isArray(keySchema) || !Array.isArray(attributeDefinitions)) return;
  const types = new Map(attributeDefinitions.map(({ attributeName, attributeType }) => [attributeName, attributeType]));
  const keys = keySchema.map(({ attributeName, keyType }) => `${attributeName} (${keyType}, ${types.get(attributeName)})`).join(', ');
  if (keys === KEYS) return;
  const key = (name: string) => `{ name: '${name}', type: AttributeType.STRING }`;
  throw new InvalidPropError(
    `the key of ${WHAT}`, keys, KEYS, `make the table with partitionKey: ${key(LedgerAttribute.PARTITION)} and sortKey: ${key(LedgerAttribute.SORT)}, or leave it out for a new one`,
  );
}

interface ResolvedKeys {
  readonly keySchema?: readonly CfnTable.KeySchemaProperty[] | object;
  readonly attributeDefinitions?: readonly CfnTable.AttributeDefinitionProperty[] | object;
}

function warnOfNoExpiry(scope: Construct, made: CfnTable | CfnGlobalTable): void {
  const expiry: Partial<CfnTable.TimeToLiveSpecificationProperty> | undefined = Stack.of(made).resolve(made.timeToLiveSpecification);
  if (expiry?.attributeName === LedgerAttribute.EXPIRES && expiry.enabled !== false) return;
  warn(
    scope, 'ledgerExpiry',
    `${WHAT} does not let items expire by ${LedgerAttribute.EXPIRES}, so items of runs stay in it for ever; make it with timeToLiveAttribute: '${LedgerAttribute.EXPIRES}'`,
  );
}
