/** Environment variables of every function that makes links to results. */
export const LinkEnvironment = {
  /** Where results lie: `s3://bucket/prefix/`, ending in a slash. */
  RESULT_LOCATION: 'RESULT_LOCATION',
  /** JSON list of where results lay before, likewise; absent if there is no such place. Running executions may have written there. */
  FORMER_RESULT_LOCATIONS: 'FORMER_RESULT_LOCATIONS',
  /** Account that must own the result bucket. */
  RESULT_BUCKET_OWNER: 'RESULT_BUCKET_OWNER',
  /** ARN of the customer key of the results, or of all keys where only an alias is known; absent for S3-managed encryption. */
  RESULT_KEY_ARN: 'RESULT_KEY_ARN',
  /** Alias of the customer key, `alias/name`, where its ARN is not known. */
  RESULT_KEY_ALIAS: 'RESULT_KEY_ALIAS',
  /** ARN of the role assumed to sign a link. */
  LINK_ROLE_ARN: 'LINK_ROLE_ARN',
  /** Life of a link in seconds, within `LINK_EXPIRY_SECONDS`. */
  LINK_EXPIRY_SECONDS: 'LINK_EXPIRY_SECONDS',
} as const;

/** How long a link may work; an hour is the longest session of a role that another role assumes. Source: IAM user guide, on role chaining. */
export const LINK_EXPIRY_SECONDS = { least: 60, most: 3_600 };

/** The shortest time that results are kept: a failed delivery can be redriven for 14 days. So a younger result that cannot be read is not gone. */
export const SHORTEST_RESULT_RETENTION_DAYS = 15;
