import { JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import { SubmittedQueriesBinding } from './binding';
import { field } from './mapping';
import { MAX_QUERY_LENGTH } from '../contracts/submit-query';

export function anySql(): SubmittedQueriesBinding {
  return {
    model: { required: ['Query'], properties: { Query: { type: JsonSchemaType.STRING, minLength: 1, maxLength: MAX_QUERY_LENGTH } } },
    inWords: `Query, a text of 1 to ${MAX_QUERY_LENGTH} characters`,
    described: { members: { Query: 'One SQL statement of Amazon Athena.' }, request: 'The SQL to run.' },
    template: { setUp: '', query: field('Query'), inner: field('Query'), statement: '' },
    withParameters: 'NEVER',
    noSelect: [],
  };
}
