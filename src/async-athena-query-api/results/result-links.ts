import { Duration, Stack, Tokenization } from 'aws-cdk-lib';
import { ArnPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ResultStore } from './result-store';
import { HandlerFunction } from '../../private/synth/handler-function';
import { keyInPolicies } from '../../private/synth/key-rights';
import { LinkEnvironment } from '../contracts/result-link';

export interface ResultLinksProps {
  readonly results: ResultStore;
  readonly linkExpiry: Duration;
  /** The first function that makes links. */
  readonly signer: HandlerFunction;
}

/** The role that links to results are signed with, and the functions that may do so. */
export class ResultLinks {
  public readonly role: Role;
  private readonly environment: Readonly<Record<string, string>>;

  constructor(scope: Construct, { results, linkExpiry, signer }: ResultLinksProps) {
    this.role = new Role(scope, 'LinkRole', { assumedBy: new ArnPrincipal(signer.role.roleArn), description: 'Signs links to single results' });
    results.grantReadResults(this.role);
    this.environment = {
      [LinkEnvironment.RESULT_LOCATION]: results.location,
      ...formerLocations(scope, results),
      [LinkEnvironment.RESULT_BUCKET_OWNER]: results.bucket.env.account,
      ...resultKey(results),
      [LinkEnvironment.LINK_EXPIRY_SECONDS]: Tokenization.stringifyNumber(linkExpiry.toSeconds()),
      [LinkEnvironment.LINK_ROLE_ARN]: this.role.roleArn,
    };
    this.equip(signer);
  }

  /** Lets another function make links. */
  public addSigner(signer: HandlerFunction): void {
    this.role.assumeRolePolicy?.addStatements(new PolicyStatement({ actions: ['sts:AssumeRole'], principals: [new ArnPrincipal(signer.role.roleArn)] }));
    this.equip(signer);
  }

  /** The two roles know each other: this one trusts the function's, which may assume this one. */
  private equip({ role, lambdaFunction }: HandlerFunction): void {
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['sts:AssumeRole'], resources: [this.role.roleArn] }));
    for (const [name, value] of Object.entries(this.environment)) lambdaFunction.addEnvironment(name, value);
  }
}

function formerLocations(scope: Construct, { formerLocations: locations }: ResultStore): Record<string, string> {
  return locations.length === 0 ? {} : { [LinkEnvironment.FORMER_RESULT_LOCATIONS]: Stack.of(scope).toJsonString(locations) };
}

/** The key of the results, as the session of a link has to name it. */
function resultKey({ encryptionKey }: ResultStore): Record<string, string> {
  if (encryptionKey === undefined) return {};
  const { arn, alias } = keyInPolicies(encryptionKey);
  return { [LinkEnvironment.RESULT_KEY_ARN]: arn, ...(alias !== undefined && { [LinkEnvironment.RESULT_KEY_ALIAS]: alias }) };
}
