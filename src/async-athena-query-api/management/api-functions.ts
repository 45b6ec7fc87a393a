import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { QueryManagement, QueryManagementProps } from './query-management';
import { located } from '../../private/synth/validation';
import { ApiProps, ManagementRoutes } from '../api/api';
import { SigningKeysBinding } from '../signing-keys/binding';
import { KeyPublication, KeyPublicationProps } from '../signing-keys/key-publication';

export interface ApiFunctionsProps extends Omit<QueryManagementProps, 'logGroup'>, Omit<KeyPublicationProps, 'logGroup'> {
  /** Whether there are routes of a single query. */
  readonly queryManagement: boolean;
  readonly managementLogGroup?: ILogGroup;
  readonly signingKeys: SigningKeysBinding;
  /** How many requests the routes behind functions take. */
  readonly throttles: Pick<ManagementRoutes, 'throttlingRateLimit' | 'throttlingBurstLimit'>;
}

/** The functions behind routes, each only where its routes are. */
export class ApiFunctions {
  public readonly managementFunction?: IFunction;
  public readonly managementLogGroup?: ILogGroup;
  public readonly signingKeysFunction?: IFunction;
  public readonly signingKeysLogGroup?: ILogGroup;
  /** The same as the API takes them. */
  public readonly routes: Pick<ApiProps, 'management' | 'signingKeys'>;

  constructor(scope: Construct, { queryManagement, managementLogGroup, signingKeys: { publication }, throttles, ...props }: ApiFunctionsProps) {
    const management = queryManagement ? located(scope, () => new QueryManagement(scope, { ...props, logGroup: managementLogGroup })) : undefined;
    const keys = publication && new KeyPublication(scope, { ...props, logGroup: publication.logGroup });
    this.managementFunction = management?.managementFunction;
    this.managementLogGroup = management?.logGroup;
    this.signingKeysFunction = keys?.keysFunction;
    this.signingKeysLogGroup = keys?.logGroup;
    this.routes = {
      management: management && { managementFunction: management.managementFunction, ...throttles },
      signingKeys: keys && { keysFunction: keys.keysFunction, ...throttles },
    };
  }
}
