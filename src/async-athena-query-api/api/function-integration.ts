import { AwsIntegration, PassthroughBehavior } from 'aws-cdk-lib/aws-apigateway';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { managedTemplate } from './manage-template';
import { JSON_TYPE } from './submit-route';

/** What clients say of a body where there is none, by themselves: none of it is read. A request without a content type counts as JSON. */
const CONTENT_TYPES = [JSON_TYPE, 'application/x-www-form-urlencoded', 'text/plain'];

/** Calls a function that says itself which status its answer has. */
export function functionIntegration(role: IRole, called: IFunction, template: string): AwsIntegration {
  return new AwsIntegration({
    service: 'lambda',
    path: `2015-03-31/functions/${called.functionArn}/invocations`,
    integrationHttpMethod: 'POST',
    options: {
      credentialsRole: role,
      // Another content type would otherwise send the body as it is, and the caller would say who asks.
      passthroughBehavior: PassthroughBehavior.NEVER,
      requestTemplates: Object.fromEntries(CONTENT_TYPES.map((type) => [type, template])),
      // The status is the function's, which says for errors too; the template is for what it could not answer as well.
      integrationResponses: [{ statusCode: '200', responseTemplates: { [JSON_TYPE]: managedTemplate() } }],
    },
  });
}
