import { Duration } from 'aws-cdk-lib';
import { FACTS } from './facts';
import { QueryCompletion } from '../../src';
import { testDefinitions } from '../support/construct-kit/definitions';
import { testNag } from '../support/construct-kit/nag';

testDefinitions(FACTS, [
  ['a context', { props: () => ({ database: 'sales', catalog: 'lake' }) }],
  ['adaptive polling without a table', {
    props: () => ({ queryCompletion: QueryCompletion.adaptivePolling({ maxInterval: Duration.seconds(1) }), queryTimeout: Duration.minutes(5) }),
  }],
  ['adaptive polling with a long table', {
    props: () => ({ queryCompletion: QueryCompletion.adaptivePolling({ percentage: 1, maxInterval: Duration.minutes(5) }) }),
  }],
]);

testNag(FACTS);
