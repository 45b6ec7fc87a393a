const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';

/** A last label that starts with a letter: this leaves out every spelling of an IPv4 address. */
const TOP_LABEL = '[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';

/** Pattern of one or more labels, each with its dot: what may stand before a name. */
export const LABELS = `(?:${LABEL}\\.)+`;

/** Pattern of a fully qualified name. */
export const FULL_NAME = `${LABELS}${TOP_LABEL}`;
