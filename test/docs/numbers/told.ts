/** Numbers that the sentences of a page tell. */
export interface ToldNumbers {
  /** From the root of the repository. */
  readonly page: string;
  /** Parts of sentences, each written from values of the code: when a value changes, the page does not have its sentence any more. */
  readonly fromCode: readonly string[];
  /** Parts of sentences with numbers that no value of the code has, each with its source: an address, or a file of the repository. */
  readonly fromOutside: Readonly<Record<string, string>>;
}

/** Pages of others that tell several of our numbers. */
export const SOURCES = {
  stepFunctionsQuotas: 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html',
  apiGatewayQuotas: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html',
  athenaQuotas: 'https://docs.aws.amazon.com/general/latest/gr/athena.html',
  portOfHttps: 'https://www.rfc-editor.org/rfc/rfc9110#section-4.2.2',
  portOfMongo: 'https://www.mongodb.com/docs/manual/reference/default-mongodb-port/',
  portsOfAtlas: 'https://www.mongodb.com/docs/atlas/security-private-endpoint/',
} as const;

const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** `200,000`. */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** `three`. */
export function inWords(number: number): string {
  return WORDS[number] ?? count(number);
}

/** `1, 2 or 3`, with that word before the last. */
export function listed(numbers: readonly number[], word: string): string {
  return `${numbers.slice(0, -1).join(', ')} ${word} ${numbers[numbers.length - 1]}`;
}
