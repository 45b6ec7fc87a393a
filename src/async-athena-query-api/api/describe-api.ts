import { describeSigningKeys } from './describe-keys';
import { describeManagement } from './describe-manage';
import { describeSubmit } from './describe-submit';
import { describedGatewayAnswers } from './gateway-answers';
import { SubmitRequestProps } from './submit-route';
import { openApiDocument } from '../open-api/document';
import { QueryEndedProps } from '../open-api/query-ended';
import { Refusal, SubmitAccessBinding } from '../submit-access/binding';

export interface DescribeApiProps extends SubmitRequestProps {
  /** URL of the stage, without a slash at its end. */
  readonly serverUrl: string;
  readonly submitAccess: SubmitAccessBinding;
  readonly callback: QueryEndedProps;
  /** What API Gateway itself answers. */
  readonly gatewayAnswers: readonly Refusal[];
  /** Whether there are the routes of a single query. */
  readonly managed: boolean;
  /** Whether there are public keys to get. */
  readonly withSigningKeys: boolean;
}

/** The whole API as an OpenAPI document, in JSON. Each part describes itself. */
export function describeApi({ serverUrl, submitAccess, gatewayAnswers, withSigningKeys, ...submit }: DescribeApiProps): string {
  const withBody = describedGatewayAnswers(gatewayAnswers, { withBody: true });
  const withoutBody = describedGatewayAnswers(gatewayAnswers, { withBody: false });
  return openApiDocument({
    title: 'Athena queries',
    description: 'Runs queries in Amazon Athena, and sends a signed callback with a link to the result once they have ended. Ignore members of answers and callbacks '
      + 'that are not described here: later releases may add some.',
    serverUrl,
    security: submitAccess.security,
    routes: [
      describeSubmit({ ...submit, gateway: withBody }),
      ...submit.managed ? describeManagement(withoutBody) : [],
      ...withSigningKeys ? [describeSigningKeys(withoutBody)] : [],
    ],
  });
}
