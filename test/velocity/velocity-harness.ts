export interface VelocityJob {
  readonly template: string;
  readonly body: string;
  readonly context?: object;
  readonly params?: object;
  /** What `$input.json` writes JSON with. Default: Jackson. json-smart escapes the slash too. */
  readonly writer?: 'json-smart';
}

export interface VelocityAnswer {
  readonly text?: string;
  /** `$context` after the rendering. */
  readonly context?: { readonly responseOverride?: { readonly status?: number } };
  readonly error?: string;
}

/** What the real Apache Velocity needs. */
export const VELOCITY_JARS: readonly string[] = [
  'velocity', 'commons-lang', 'commons-collections3', 'json-path', 'json-smart', 'slf4j-api', 'jackson-core', 'jackson-databind', 'jackson-annotations',
];
