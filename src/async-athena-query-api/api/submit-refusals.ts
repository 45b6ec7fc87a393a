/** Ways in which `POST /queries` refuses a request that API Gateway has let through: for the templates that answer, and for the description of the API. */
export const SUBMIT_REFUSALS = {
  TooManyQueries: { status: 429, message: 'Too many queries are running; try again later.' },
  DuplicateRequest: { status: 409, message: 'The IdempotencyKey was used for another request, or for this one, whose query has ended.' },
  IdempotencyNotAvailable: { status: 400, message: 'This caller cannot use an IdempotencyKey: leave it out.' },
  InvalidRequest: { status: 400, message: 'The request cannot be run as it is.' },
  QueryTooLarge: { status: 413, message: 'The request is too large: its members, with the SQL of a named query, must stay below 225 kB of JSON together.' },
  InternalError: { status: 500, message: 'The request could not be processed.' },
} as const;

export type SubmitRefusalCode = keyof typeof SUBMIT_REFUSALS;

/** The body of the answer. */
export function submitRefusal(code: SubmitRefusalCode): { readonly Code: SubmitRefusalCode; readonly Message: string } {
  return { Code: code, Message: SUBMIT_REFUSALS[code].message };
}
