import { component, epochMilliseconds, MembersOf, objectOf, oneOfTexts, optional, Schema, text, wholeNumber } from './schema';
import { CallbackBody, MOST_COUNTED_FILES, ResultFile, ResultFiles, ResultLink } from '../contracts/callback';
import { CancelAccepted, QueryResultLink, QueryStatus } from '../contracts/manage-query';
import { PublicSigningKey, PublicSigningKeys } from '../contracts/tell-keys';
import { AthenaError } from '../contracts/workflow-state';

/** What callbacks and answers say, as schemas. Their members are those of the contracts: where one is missing, this does not compile. */

export const QUERY_ID = text('The id of the query.', { pattern: '^[A-Za-z0-9_-]{1,80}$' });

const RESULT_LINK = objectOf<ResultLink>({
  PresignedUrl: text('GET this without headers of your own. Whoever has it can read the result.', { format: 'uri' }),
  ExpiredIn: wholeNumber('For how many seconds the link works.'),
  ExpiresAt: epochMilliseconds('Until when the link works'),
}, 'A link to the result.');

const RESULT_FILES = objectOf<ResultFiles>({
  Files: {
    type: 'array',
    description: 'In no order that means anything.',
    items: objectOf<ResultFile>({
      PresignedUrl: text('GET this without headers of your own. Whoever has it can read the file.', { format: 'uri' }),
      SizeInBytes: optional(wholeNumber('Absent where it is not known.')),
    }),
  },
  FileCount: wholeNumber('How many files the query wrote, with those that have no link.', { maximum: MOST_COUNTED_FILES }),
  NextToken: optional(text('With what `GetQueryResult` tells the next files; absent where these are the last.')),
  ExpiredIn: optional(wholeNumber('For how many seconds the links work.')),
  ExpiresAt: optional(epochMilliseconds('Until when the links work')),
}, 'Links to the files of a result, or to as many as are told at once.');

/** A link where there is one object, or files. */
const RESULT: Schema = { oneOf: [component('ResultLink'), component('ResultFiles')] };

const ATHENA_ERROR = objectOf<AthenaError>({
  ErrorCategory: optional({ type: 'integer', description: '1: system. 2: user. 3: other.' }),
  ErrorType: optional({ type: 'integer', description: 'A number of the Athena error reference.' }),
  Retryable: optional({ type: 'boolean', description: 'Whether the same query may succeed if it is submitted again.' }),
  ErrorMessage: optional(text('What Athena says of it.')),
}, 'How Amazon Athena classifies the failure.');

/** What answers and callbacks say of a query in the same words. */
const OF_A_QUERY = {
  QueryId: QUERY_ID,
  ClientReference: optional(text('What the caller called the request.')),
  QueryExecutionId: optional(text('The id of Amazon Athena; absent where the query could not be started.')),
  ReusedPreviousResult: optional({ type: 'boolean', description: 'True where Amazon Athena took the result of a former query.' }),
  Reason: optional(text('Why the query did not succeed.')),
  AthenaError: optional(component('AthenaError')),
  Statistics: optional({ type: 'object', description: 'What Amazon Athena reports of the query, with every member that it has.' }),
} satisfies Partial<MembersOf<CallbackBody>>;

const RESULT_KIND = oneOfTexts(
  ['OBJECT', 'FILES', 'NONE'] satisfies CallbackBody['ResultKind'][], 'What the query has left behind: one object, several files or a table, or nothing.',
);

const CALLBACK_BODY = objectOf<CallbackBody>({
  State: objectOf<CallbackBody['State']>({
    State: oneOfTexts(['SUCCEEDED', 'FAILED', 'CANCELLED'] satisfies CallbackBody['State']['State'][], 'How the query has ended.'),
    SubmissionDateTime: epochMilliseconds('When it was submitted'),
    CompletionDateTime: epochMilliseconds('When it ended'),
  }),
  QueryResult: optional(RESULT),
  ResultKind: RESULT_KIND,
  ...OF_A_QUERY,
}, 'What has become of a query. `QueryResult` is a link where `ResultKind` is `OBJECT`, and lists files where it is `FILES` and they are known.');

const QUERY_STATUS = objectOf<QueryStatus>({
  State: oneOfTexts(['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED'] satisfies QueryStatus['State'][], 'How the query stands.'),
  Delivery: oneOfTexts(
    ['PENDING', 'DELIVERED', 'FAILED', 'NONE'] satisfies QueryStatus['Delivery'][],
    'Whether the callback was delivered: not yet, yes, or it failed for good until somebody redrives it. `NONE` where the request had no `CallbackUrl`.',
  ),
  SubmissionDateTime: epochMilliseconds('When it was submitted'),
  CompletionDateTime: optional(epochMilliseconds('When it ended')),
  ResultKind: optional(RESULT_KIND),
  ...OF_A_QUERY,
}, 'What is known of a query by now.');

/** What a callback brings along. */
export const CALLBACK_SCHEMAS = {
  QueryEnded: CALLBACK_BODY, ResultLink: RESULT_LINK, ResultFiles: RESULT_FILES, AthenaError: ATHENA_ERROR,
} satisfies Record<string, Schema>;

/** What the routes of a single query bring along. */
export const STATUS_SCHEMAS = {
  ...CALLBACK_SCHEMAS,
  QueryStatus: QUERY_STATUS,
  QueryResultLink: objectOf<QueryResultLink>({ QueryId: QUERY_ID, QueryResult: RESULT }),
  CancelAccepted: objectOf<CancelAccepted>({ QueryId: QUERY_ID }, 'Athena was told to stop the query.'),
} satisfies Record<string, Schema>;

/** What the route of the public keys brings along. */
export const KEYS_SCHEMAS = {
  PublicSigningKeys: objectOf<PublicSigningKeys>({
    Keys: {
      type: 'array',
      description: 'The key that signs, then the one before the last rotation, if there is one: both sign.',
      minItems: 1,
      maxItems: 2,
      items: objectOf<PublicSigningKey>({
        State: oneOfTexts(['CURRENT', 'PREVIOUS'] satisfies PublicSigningKey['State'][], 'Which of the two it is.'),
        PublicKey: text('`whpk_` and the base64 text of the 32 bytes.', { pattern: '^whpk_[A-Za-z0-9+/]{43}=$' }),
      }),
    },
  }),
} satisfies Record<string, Schema>;
