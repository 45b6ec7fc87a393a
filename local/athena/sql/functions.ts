/** Functions of Athena that the engine has under the same name with the same meaning. */
const SAME = `
  count count_star sum avg min max arbitrary any_value array_agg max_by min_by bool_and bool_or every stddev stddev_samp stddev_pop variance var_samp var_pop
  corr covar_pop covar_samp regr_slope regr_intercept count_if
  row_number rank dense_rank ntile lag lead first_value last_value nth_value percent_rank cume_dist
  lower upper length substr substring trim ltrim rtrim replace reverse strpos position split split_part lpad rpad starts_with chr translate
  abs ceil ceiling floor round sqrt cbrt exp ln log10 log2 power pow mod sign pi sin cos tan asin acos atan atan2 degrees radians
  nullif date_trunc year month day hour minute second quarter week timezone
  contains array_distinct array_position flatten unnest row map json_array_length now
`.trim().split(/\s+/);

/** Of macros that are no functions of Athena. */
const OWN_PREFIX = 'athena_';

/** Functions of Athena that the engine has under another name, with the same arguments. */
const RENAMED: Readonly<Record<string, string>> = {
  transform: 'list_transform',
  filter: 'list_filter',
  // A macro cannot call the function that it hides, so these get names of their own.
  regexp_replace: `${OWN_PREFIX}regexp_replace`,
  regexp_extract: `${OWN_PREFIX}regexp_extract`,
};

const DATE_UNITS: Readonly<Record<string, string>> = {
  day: 'to_days(CAST(n AS INTEGER))',
  week: 'to_weeks(CAST(n AS INTEGER))',
  month: 'to_months(CAST(n AS INTEGER))',
  quarter: 'to_months(CAST(3 * n AS INTEGER))',
  year: 'to_years(CAST(n AS INTEGER))',
};

const TIME_UNITS: Readonly<Record<string, string>> = {
  ...DATE_UNITS,
  millisecond: 'to_milliseconds(n)',
  second: 'to_seconds(n)',
  minute: 'to_minutes(n)',
  hour: 'to_hours(n)',
};

/** Functions of Athena written in terms of the engine's own. */
export const MACROS: readonly string[] = [
  // The engine answers a division by zero with null.
  `"//"(a, b) AS CASE WHEN b = 0 THEN ${divisionByZero('a', 'b')} ELSE divide(a, b) END`,
  `"%"(a, b) AS CASE WHEN b = 0 THEN ${divisionByZero('a', 'b')} ELSE mod(a, b) END`,
  'approx_distinct(x) AS approx_count_distinct(x)',
  'approx_percentile(x, p) AS approx_quantile(x, p)',
  'geometric_mean(x) AS geomean(x)',
  // With a null among them, these are null in Athena.
  'concat(a, b) AS a || b, (a, b, c) AS a || b || c, (a, b, c, d) AS a || b || c || d, (a, b, c, d, e) AS a || b || c || d || e',
  'greatest(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN a > b THEN a ELSE b END',
  'least(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN a < b THEN a ELSE b END',
  'truncate(x) AS trunc(x)',
  'levenshtein_distance(a, b) AS levenshtein(a, b)',
  'day_of_week(d) AS isodow(d)',
  'dow(d) AS isodow(d)',
  'day_of_month(d) AS day(d)',
  'day_of_year(d) AS dayofyear(d)',
  'doy(d) AS dayofyear(d)',
  'week_of_year(d) AS week(d)',
  'last_day_of_month(d) AS last_day(d)',
  'date(x) AS CAST(x AS DATE)',
  'from_unixtime(x) AS to_timestamp(x)',
  'to_unixtime(x) AS epoch(x)',
  'from_iso8601_timestamp(s) AS CAST(s AS TIMESTAMPTZ)',
  'from_iso8601_date(s) AS CAST(s AS DATE)',
  `to_iso8601(t DATE) AS strftime(t, '%Y-%m-%d'), (t TIMESTAMP) AS strftime(t, '%Y-%m-%dT%H:%M:%S.%g'),
    (t TIMESTAMPTZ) AS strftime(t, '%Y-%m-%dT%H:%M:%S.%gZ')`,
  'date_diff(unit, a, b) AS datesub(unit, a, b)',
  `date_add(unit, n, t DATE) AS CAST(t + ${span(DATE_UNITS)} AS DATE), (unit, n, t TIMESTAMP) AS t + ${span(TIME_UNITS)},
    (unit, n, t TIMESTAMPTZ) AS t + ${span(TIME_UNITS)}`,
  'regexp_like(s, p) AS regexp_matches(s, p)',
  "athena_regexp_replace(s, p) AS regexp_replace(s, p, '', 'g'), (s, p, r) AS regexp_replace(s, p, r, 'g')",
  `athena_regexp_extract(s, p) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p) END,
    (s, p, g) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p, g) END`,
  'json_extract_scalar(j, p) AS json_extract_string(j, p)',
  'json_parse(s) AS CAST(s AS JSON)',
  "url_extract_host(u) AS CASE WHEN regexp_matches(u, '^[a-z]+://') THEN regexp_extract(u, '^[a-z]+://([^/:?#]+)', 1) END",
  'cardinality(a) AS len(a)',
  'element_at(a, i) AS a[i]',
  'array_join(a, d) AS array_to_string(a, d)',
  'array_max(a) AS list_max(a)',
  'array_min(a) AS list_min(a)',
  'array_sort(a) AS list_sort(a)',
  'slice(a, s, n) AS a[s:s + n - 1]',
  'sequence(a, b) AS generate_series(a, b), (a, b, s) AS generate_series(a, b, s)',
];

/** Functions whose format must be turned into the engine's own before it runs, by the place of the format among their arguments. */
export const FORMATTED: Readonly<Record<string, { readonly engine: string; readonly argument: number }>> = {
  date_parse: { engine: 'strptime', argument: 1 },
  date_format: { engine: 'strftime', argument: 1 },
};

/** Functions that the engine's parser puts in the place of syntax: `EXTRACT`, `INTERVAL`, `AT TIME ZONE`, `LIKE … ESCAPE`, `COUNT(*)`. */
const SYNTAX = [
  'date_part', 'timezone', 'count_star', 'like_escape', 'not_like_escape', 'trunc', 'to_microseconds', 'to_milliseconds', 'to_seconds', 'to_minutes', 'to_hours',
  'to_days', 'to_weeks', 'to_months', 'to_quarters', 'to_years', 'position', 'substring', 'trim', 'ltrim', 'rtrim', 'overlay',
];

const OPERATORS = ['+', '-', '*', '/', '%', '||', '~~', '!~~'];

const macroNames = MACROS.map((macro) => macro.slice(0, macro.indexOf('(')));
const known = new Set([...SAME, ...macroNames.filter((name) => !name.startsWith(OWN_PREFIX)), ...Object.keys(RENAMED), ...Object.keys(FORMATTED)]);

export function isKnownFunction(name: string): boolean {
  return known.has(name);
}

/** Is this a function that stands for syntax which Athena has too? */
export function isKnownSyntax(name: string): boolean {
  return OPERATORS.includes(name) || SYNTAX.includes(name);
}

/** Another name under which the engine has the function. */
export function engineName(name: string): string | undefined {
  return RENAMED[name] ?? FORMATTED[name]?.engine;
}

/** MySQL's letters, as Athena's date functions take them, in the engine's spelling. */
const FORMAT_LETTERS: Readonly<Record<string, string>> = {
  'a': '%a',
  'b': '%b',
  'c': '%-m',
  'd': '%d',
  'e': '%-d',
  'f': '%f',
  'H': '%H',
  'h': '%I',
  'I': '%I',
  'i': '%M',
  'j': '%j',
  'k': '%-H',
  'l': '%-I',
  'M': '%B',
  'm': '%m',
  'p': '%p',
  'r': '%I:%M:%S %p',
  'S': '%S',
  's': '%S',
  'T': '%H:%M:%S',
  'W': '%A',
  'Y': '%Y',
  'y': '%y',
  '%': '%%',
};

/** A date format in the engine's spelling; throws for a letter it does not have. */
export function engineFormat(format: string): string {
  return format.replaceAll(/%(.)/gs, (all, letter: string) => {
    const translated = FORMAT_LETTERS[letter];
    if (translated === undefined) throw new RangeError(`${all} not supported in date format string`);
    return translated;
  });
}

/** Athena fails for integers and decimals; for floating-point numbers it gives infinity, which the engine cannot give in the same expression. */
function divisionByZero(a: string, b: string): string {
  const floating = "('DOUBLE', 'FLOAT')";
  const isFloating = `typeof(${a}) IN ${floating} OR typeof(${b}) IN ${floating}`;
  return `error(CASE WHEN ${isFloating} THEN 'NOT_SUPPORTED: the local cloud does not divide floating-point numbers by zero' ELSE 'DIVISION_BY_ZERO: Division by zero' END)`;
}

/** The interval of `n` times `unit`. */
function span(units: Readonly<Record<string, string>>): string {
  const cases = Object.entries(units).map(([unit, interval]) => `WHEN '${unit}' THEN ${interval}`);
  return `CASE unit ${cases.join(' ')} ELSE error('INVALID_FUNCTION_ARGUMENT: ' || unit || ' is not a valid field') END`;
}
