import { Duration, Token } from 'aws-cdk-lib';
import { FailurePolicyBinding } from './binding';
import { DeadLetterBucket } from './dead-letter-bucket';
import type { TolerateOptions } from './failure-policy-options';
import { HandlerFunction } from '../../private/synth/handler-function';
import { checkPrefix } from '../../private/synth/key-prefix';
import { checkInteger, InvalidPropError, refuseToken } from '../../private/synth/validation';
import { CollectorEnvironment, FailureLimits } from '../contracts/collect-failures';
import { SourceEnvironment } from '../contracts/source-function';

const FACTORY = 'FailurePolicy.tolerate';

export const DEFAULTS = { maxItems: 1_000, maxPercentage: 50, prefix: 'dead-letters/', withDocuments: false } as const;

/** Letters of a page of 20,000 items are written within seconds. */
const TIMEOUT = Duration.minutes(5);

/** The outcomes of a page of 20,000 items fit, and the documents of one batch at a time. */
const MEMORY_MIB = 512;

/** As many as a run can count. */
const MAX_ITEMS = 2 ** 31 - 1;

/** Goes past items that fail, and writes letters about them. */
export function tolerate({ maxItems, maxPercentage, deadLetters = {} }: TolerateOptions): FailurePolicyBinding {
  const limits = limitsOf(maxItems, maxPercentage);
  const { bucket: given, prefix = DEFAULTS.prefix, withDocuments = DEFAULTS.withDocuments } = deadLetters;
  checkPrefix(`prefix of deadLetters of ${FACTORY}`, prefix, DEFAULTS.prefix);
  return {
    bind: ({ scope, removalPolicy, encryptionKey, ...settings }) => {
      const letters = new DeadLetterBucket(scope, { bucket: given, prefix, encryptionKey, removalPolicy });
      const { lambdaFunction: collector, role, logGroup } = new HandlerFunction(scope, 'Collector', {
        handler: 'paged-batch-etl/failure-policy/function/collect-failures',
        description: 'Writes letters about the items of a page that failed',
        roleDescription: 'Collects the failures of a run',
        timeout: TIMEOUT,
        memorySize: MEMORY_MIB,
        environment: {
          [CollectorEnvironment.LETTERS_BUCKET]: letters.bucket.bucketName,
          [CollectorEnvironment.LETTERS_PREFIX]: prefix,
          ...withDocuments && { [CollectorEnvironment.WITH_DOCUMENTS]: 'yes' },
        },
        statements: letters.writerStatements,
        removalPolicy,
        encryptionKey,
        ...settings,
      });
      return {
        tolerance: { collector, collectorTimeout: TIMEOUT, limits, withDocuments },
        collector,
        logGroup,
        bucket: letters.bucket,
        replay: {
          environment: { [SourceEnvironment.LETTERS_BUCKET]: letters.bucket.bucketName, [SourceEnvironment.LETTERS_PREFIX]: prefix },
          statements: letters.replayStatements,
        },
        allow: (statements) => {
          for (const statement of statements) role.addToPrincipalPolicy(statement);
        },
        grantReadLetters: (grantee) => letters.grantRead(grantee),
      };
    },
  };
}

/** Without a limit, a broken processor would make letters of a whole collection. */
function limitsOf(maxItems: number | undefined, maxPercentage: number | undefined): FailureLimits {
  if (maxItems !== undefined) {
    refuseToken(`maxItems of ${FACTORY}`, Token.isUnresolved(maxItems), 'the workflow is rendered with it');
    checkInteger(`maxItems of ${FACTORY}`, maxItems, { min: 0, max: MAX_ITEMS }, 'leave it out, and give maxPercentage, for any number');
  }
  if (maxPercentage !== undefined) {
    refuseToken(`maxPercentage of ${FACTORY}`, Token.isUnresolved(maxPercentage), 'the workflow is rendered with it');
    if (!(maxPercentage >= 0 && maxPercentage <= 100)) {
      throw new InvalidPropError(`maxPercentage of ${FACTORY}`, maxPercentage, 'a number from 0 to 100', 'write percent, such as 0.5 for one item of 200');
    }
  }
  if (maxItems === undefined && maxPercentage === undefined) return { items: DEFAULTS.maxItems, percentage: DEFAULTS.maxPercentage };
  return { items: maxItems ?? null, percentage: maxPercentage ?? null };
}
