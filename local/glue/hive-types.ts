const SIMPLE: Readonly<Record<string, string>> = {
  boolean: 'BOOLEAN',
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  int: 'INTEGER',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  string: 'VARCHAR',
  binary: 'BLOB',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
};

/** The DuckDB type for a Hive type of the catalog; throws for one that is not known. */
export function duckdbType(hiveType: string): string {
  const type = hiveType.trim();
  const simple = SIMPLE[type.toLowerCase()];
  if (simple !== undefined) return simple;
  if (/^(var)?char\(\d+\)$/i.test(type)) return 'VARCHAR';
  if (/^decimal(\(\d+(,\s*\d+)?\))?$/i.test(type)) return type.includes('(') ? type.toUpperCase() : 'DECIMAL(10,0)';
  const [, outer, inner] = /^(array|map|struct)<(.*)>$/is.exec(type) ?? [];
  switch (outer?.toLowerCase()) {
    case 'array':
      return `${duckdbType(inner)}[]`;
    case 'map':
      return `MAP(${splitTopLevel(inner).map(duckdbType).join(', ')})`;
    case 'struct':
      return `STRUCT(${splitTopLevel(inner).map(structField).join(', ')})`;
    default:
      throw new Error(`The local cloud does not implement the column type ${hiveType}`);
  }
}

function structField(field: string): string {
  const colon = field.indexOf(':');
  return `"${field.slice(0, colon).trim().replaceAll('"', '""')}" ${duckdbType(field.slice(colon + 1))}`;
}

/** Splits at commas that are not inside `<…>` or `(…)`. */
function splitTopLevel(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if ('<('.includes(character)) depth++;
    if ('>)'.includes(character)) depth--;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}
