/** A path, filter or intrinsic function that does not parse. */
export class PathSyntaxError extends Error {}

/** A path that gives no value for this data. The message is that of Jayway, as it appears in the causes of AWS. */
export class PathNotFound extends Error {}

/** Something on the way is missing. Filters and wildcards go on with the next item then. */
export class Missing extends PathNotFound {}

/** A step that does not fit the data, such as an index of a text. No filter hides it. */
export class Inapplicable extends PathNotFound {}
