/** A function, as its template describes it. */
export interface FunctionConfiguration {
  readonly functionName: string;
  readonly functionArn: string;
  /** `index.handler`: file and exported name. */
  readonly handler: string;
  readonly runtime: string;
  readonly roleArn: string;
  /** 1 to 1,800; Lambda's default is 3. */
  readonly timeoutSeconds: number;
  /** 128 to 10,240; Lambda's default is 128. */
  readonly memoryMegabytes: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly logGroup: string;
  readonly logFormat: LogFormat;
  /** How many invocations may run at once; absent: as many as the account allows. */
  readonly reservedConcurrency?: number;
  /** Where its network interfaces are, if it is in a VPC: its role must be able to manage them, and it reaches private addresses. */
  readonly vpc?: VpcConfiguration;
  /** Whether it is traced, which its role must be allowed to. No traces are written here. */
  readonly traced?: boolean;
  readonly code: FunctionCode;
}

export interface VpcConfiguration {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Whether it can connect to IPv6 addresses. Default: no. */
  readonly ipv6?: boolean;
}

export type LogFormat = 'Text' | 'JSON';

/** A folder with the unpacked bundle, or the text of `index.js`. */
export type FunctionCode = { readonly folder: string } | { readonly inline: string };

/** Credentials of the function's role. */
export interface FunctionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Epoch milliseconds of virtual time. */
  readonly expiresAt: number;
}

/** The only version there is. */
export const LATEST = '$LATEST';
