import { Content, Header, jsonContent, Response } from './document';
import { oneOfTexts, Schema, text } from './schema';

/** A way in which a request is refused. */
export interface DescribedRefusal {
  /** The status of the answer; or a class of them, of which this is the answer where no other is. */
  readonly status: number | '4XX' | '5XX';
  /** Statuses that this answer, of a class, can have although others have them too. */
  readonly alsoAt?: readonly number[];
  readonly code: string;
  /** When, in a sentence or more. */
  readonly meaning: string;
  /** Headers that only this answer has. */
  readonly headers?: Readonly<Record<string, Header>>;
  /** Members that only this answer may have. */
  readonly members?: Readonly<Record<string, Schema>>;
}

/** The answers to a request that is refused, by status. */
export function refusalResponses(refusals: readonly DescribedRefusal[]): Record<string, Response> {
  const statuses = [...new Set(refusals.map(({ status }) => status))].sort((one, other) => `${one}`.localeCompare(`${other}`));
  const at = (wanted: DescribedRefusal['status']) => (
    refusals.filter(({ status, alsoAt = [] }) => status === wanted || (typeof wanted === 'number' && alsoAt.includes(wanted)))
  );
  return Object.fromEntries(statuses.map((status) => [status, refusalResponse(at(status))]));
}

function refusalResponse(refusals: readonly DescribedRefusal[]): Response {
  const headers: Record<string, Header> = Object.assign({}, ...refusals.map((refusal) => refusal.headers));
  const codes = [...new Set(refusals.map(({ code }) => code))];
  return {
    description: codes.map((code) => `- \`${code}\`: ${meaningOf(code, refusals)}`).join('\n'),
    ...Object.keys(headers).length > 0 && { headers },
    content: refusalContent(codes, Object.assign({}, ...refusals.map(({ members }) => members))),
  };
}

function meaningOf(code: string, refusals: readonly DescribedRefusal[]): string {
  return [...new Set(refusals.filter((refusal) => refusal.code === code).map(({ meaning }) => meaning))].join(' ');
}

function refusalContent(codes: readonly string[], members: Readonly<Record<string, Schema>>): Content {
  return jsonContent({
    type: 'object',
    required: ['Code', 'Message'],
    properties: { Code: oneOfTexts(codes, 'Why, for programs.'), Message: text('Why, for people. Its words may change.'), ...members },
  });
}
