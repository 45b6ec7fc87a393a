/** Members by which readers of Extended JSON know a value of another type, or that may not stand in a document. */
const TYPE_NAMES: ReadonlySet<string> = new Set([
  '$oid', '$binary', '$uuid', '$symbol', '$numberInt', '$numberLong', '$numberDouble', '$numberDecimal', '$minKey', '$maxKey', '$regex',
  '$regularExpression', '$timestamp', '$date', '$code', '$undefined', '$dbPointer',
]);

const DOLLAR = 0x24;

/**
 * Whether a reader of Extended JSON would take a document with this member for a value of another type. References (`$ref`, `$id`) are
 * documents in BSON as well.
 */
export function isTypeName(name: string): boolean {
  // Asked of every member of every document: the set is asked seldom.
  return name.charCodeAt(0) === DOLLAR && TYPE_NAMES.has(name);
}
