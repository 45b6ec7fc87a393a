/** Which case comes first where case is compared. */
export enum MongoCaseFirst {
  /** Upper case before lower case. */
  UPPER = 'upper',
  /** Lower case before upper case. */
  LOWER = 'lower',
  /** As the locale has it: the server's default. */
  OFF = 'off',
}

/** Whether spaces and punctuation are compared. */
export enum MongoAlternate {
  /** They are compared like other characters: the server's default. */
  NON_IGNORABLE = 'non-ignorable',
  /** They are ignored up to strength 3. */
  SHIFTED = 'shifted',
}

/** Which characters `MongoAlternate.SHIFTED` ignores. */
export enum MongoMaxVariable {
  /** Spaces and punctuation: the server's default. */
  PUNCTUATION = 'punct',
  /** Spaces only. */
  SPACE = 'space',
}

/** How texts are compared and ordered. An index serves a query only if its collation is the same in every field. */
export interface MongoCollation {
  /** Locale of ICU, such as `en` or `de@collation=phonebook`; `simple` compares bytes. */
  readonly locale: string;

  /**
   * What makes texts different, from 1 (base characters only) to 5.
   *
   * @default - the server's: 3, base characters, accents and case
   */
  readonly strength?: number;

  /**
   * Whether case counts at strength 1 or 2.
   *
   * @default - the server's: it does not
   */
  readonly caseLevel?: boolean;

  /**
   * Which case comes first.
   *
   * @default - the server's: as the locale has it
   */
  readonly caseFirst?: MongoCaseFirst;

  /**
   * Whether digits are compared as numbers, so that 10 comes after 9.
   *
   * @default - the server's: they are not
   */
  readonly numericOrdering?: boolean;

  /**
   * Whether spaces and punctuation are compared.
   *
   * @default - the server's: they are
   */
  readonly alternate?: MongoAlternate;

  /**
   * Which characters `MongoAlternate.SHIFTED` ignores.
   *
   * @default - the server's: spaces and punctuation
   */
  readonly maxVariable?: MongoMaxVariable;

  /**
   * Whether accents are compared from the end of a text, as some French dictionaries do.
   *
   * @default - the server's: from the beginning
   */
  readonly backwards?: boolean;

  /**
   * Whether texts are normalised before they are compared.
   *
   * @default - the server's: they are not
   */
  readonly normalization?: boolean;
}
