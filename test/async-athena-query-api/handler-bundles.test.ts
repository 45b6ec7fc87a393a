import { testHandlerBundles } from '../support/construct-kit/handlers';

testHandlerBundles('async-athena-query-api', {
  // `ipaddr.js` knows the address ranges that a callback may not go to.
  'delivery/function/deliver': {
    packages: ['@aws-sdk/client-s3', '@aws-sdk/client-secrets-manager', '@aws-sdk/client-sts', '@aws-sdk/s3-request-presigner', 'ipaddr.js'],
    node: true,
    mostBytes: 48_000,
  },
  'signing-keys/function/tell-keys': { packages: ['@aws-sdk/client-secrets-manager'], node: true, mostBytes: 15_000 },
  'management/function/manage-query': {
    packages: ['@aws-sdk/client-athena', '@aws-sdk/client-s3', '@aws-sdk/client-sfn', '@aws-sdk/client-sts', '@aws-sdk/s3-request-presigner'], node: false, mostBytes: 60_000,
  },
});
