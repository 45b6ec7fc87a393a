import { anonymousPrincipal, type RequestAnalysis, runSimulation, type Simulation, type SimulationErrors } from '@cloud-copilot/iam-simulate';
import { NamedPolicy } from './roles';
import { knownAction, knownKey, knownPolicy, matchesAction } from './supplement';
import { PolicyDocument } from '../aws/service';
import { isObject } from '../json';

/** One question to the evaluator: everything that the decision depends on. */
export interface Question {
  /** ARN of a user or role session, or a service principal; undefined: anonymous. */
  readonly principal?: string;
  readonly action: string;
  /** ARN of one resource; `*` only for actions that have no resource. */
  readonly resource: string;
  readonly resourceAccount: string;
  readonly identityPolicies: readonly NamedPolicy[];
  readonly sessionPolicy?: PolicyDocument;
  readonly resourcePolicy?: PolicyDocument;
  /** Condition keys and their values; a key with no value is known to be absent. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

export interface Verdict {
  readonly outcome: 'Allowed' | 'ExplicitlyDenied' | 'ImplicitlyDenied';
  /** Which kind of policy holds the deny that decided. */
  readonly deniedBy?: 'identity' | 'session' | 'resource-based';
  /** Whether the identity policies alone would allow. */
  readonly identityAllows: boolean;
  readonly sessionAllows: boolean;
  /** Actions, as written in identity policies, whose Allow statements matched. */
  readonly grants: readonly Grant[];
}

/** An action pattern of an Allow statement. */
export interface Grant {
  readonly policy: string;
  /** Position of the statement in its policy, from 1. */
  readonly statement: number;
  readonly action: string;
}

/** The only place that asks the evaluator package. Throws a plain error for a question that has no sound answer: a fault of a template or of a service. */
export async function evaluate(asked: Question): Promise<Verdict> {
  const question = inKnownWords(asked);
  const result = await runSimulation(simulationOf(question), { simulationMode: 'Strict' });
  if (result.resultType === 'error') throw new Error(`IAM cannot decide ${question.action} on ${question.resource}: ${explain(result.errors)}`);
  if (result.resultType === 'wildcard') throw new Error(`${question.action} must be asked for one resource, got ${question.resource}`);
  const { analysis, ignoredContextKeys } = result.result;
  assertKeysApply(question, ignoredContextKeys ?? []);
  assertKeysKnown(question, analysis);
  return verdictOf(analysis, asked);
}

/** The question in words that the evaluator knows. */
function inKnownWords(question: Question): Question {
  const { action, identityPolicies, sessionPolicy, resourcePolicy, context } = question;
  const inWords = (document: PolicyDocument) => knownPolicy(document, action);
  return {
    ...question,
    action: knownAction(action),
    identityPolicies: identityPolicies.map(({ name, document }) => ({ name, document: inWords(document) })),
    sessionPolicy: sessionPolicy && inWords(sessionPolicy),
    resourcePolicy: resourcePolicy && inWords(resourcePolicy),
    context: Object.fromEntries(Object.entries(context).map(([key, value]) => [knownKey(key), value])),
  };
}

/** Throws if a policy is not a well-formed document: IAM refuses it when it is stored, not when it is used. */
export async function assertWellFormed(document: PolicyDocument, kind: 'identity' | 'resource', where: string): Promise<void> {
  const result = await runSimulation(simulationOf({
    principal: 'arn:aws:iam::111122223333:user/any',
    action: 's3:ListAllMyBuckets',
    resource: '*',
    resourceAccount: '111122223333',
    identityPolicies: kind === 'identity' ? [{ name: where, document }] : [],
    resourcePolicy: kind === 'resource' ? document : undefined,
    context: {},
  }), {});
  if (result.resultType === 'error') throw new Error(`${where}: MalformedPolicyDocument: ${explain(result.errors)}`);
}

function simulationOf(question: Question): Simulation {
  const contextVariables: Record<string, string | string[]> = {};
  for (const [key, value] of Object.entries(question.context)) {
    if (value.length > 0 || typeof value === 'string') contextVariables[key] = typeof value === 'string' ? value : [...value];
  }
  return {
    request: {
      principal: question.principal ?? anonymousPrincipal,
      action: question.action,
      resource: { resource: literal(question.resource), accountId: question.resourceAccount },
      contextVariables,
    },
    identityPolicies: question.identityPolicies.map(({ name, document }) => ({ name, policy: document })),
    sessionPolicy: question.sessionPolicy,
    resourcePolicy: question.resourcePolicy,
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
}

/**
 * The evaluator takes an asterisk in the requested resource for a pattern, but an S3 key may hold one. Any other single character matches the
 * same policies, as a policy cannot name an asterisk except by the variable `${*}`.
 */
function literal(resource: string): string {
  return resource === '*' ? resource : resource.replaceAll('*', '\uE000');
}

function verdictOf(analysis: RequestAnalysis, asked: Question): Verdict {
  const kinds = [
    ['identity', analysis.identityAnalysis],
    ['session', analysis.sessionAnalysis],
    ['resource-based', analysis.resourceAnalysis],
  ] as const;
  return {
    outcome: analysis.result,
    deniedBy: kinds.find(([, part]) => (part?.denyStatements.length ?? 0) > 0)?.[0],
    identityAllows: analysis.identityAnalysis?.result === 'Allowed',
    sessionAllows: analysis.sessionAnalysis === undefined || analysis.sessionAnalysis.result === 'Allowed',
    grants: (analysis.identityAnalysis?.allowStatements ?? []).flatMap(({ policyId, statement }) => grantsOf(asked, policyId, statement.index())),
  };
}

/** The patterns of a statement that allowed, as they are written. */
function grantsOf({ action, identityPolicies }: Question, policy: string, position: number): Grant[] {
  const document = identityPolicies.find(({ name }) => name === policy)?.document;
  const statement = [document?.Statement ?? []].flat()[position - 1];
  if (!isObject(statement)) throw new Error(`Policy ${policy} has no statement ${position}`);
  const patterns = [statement.Action ?? []].flat().map(String).filter((pattern) => matchesAction(pattern, action));
  const excluded = [statement.NotAction ?? []].flat().map((pattern) => `not ${String(pattern)}`);
  return [...patterns, ...excluded].map((written) => ({ policy, statement: position, action: written }));
}

/** A key that a service states although AWS does not send it with this action would make the decision a fiction. */
function assertKeysApply(question: Question, ignored: readonly string[]): void {
  const wrong = ignored.filter((key) => !key.startsWith('aws:'));
  if (wrong.length > 0) throw new Error(`${question.action} has no condition key ${wrong.join(', ')}`);
}

/** A policy may ask only for what the request states, be it as absent: an unknown key would be taken for an absent one. */
function assertKeysKnown(question: Question, analysis: RequestAnalysis): void {
  const known = new Set(Object.keys(question.context).map((key) => key.toLowerCase()));
  for (const part of [analysis.identityAnalysis, analysis.sessionAnalysis, analysis.resourceAnalysis]) {
    if (part === undefined) continue;
    for (const { statement, actionMatch, resourceMatch, principalMatch, policyId } of [
      ...part.allowStatements,
      ...part.denyStatements,
      ...part.unmatchedStatements,
    ]) {
      if (!actionMatch || !resourceMatch || principalMatch === 'NoMatch') continue;
      for (const condition of statement.conditions()) {
        const key = condition.conditionKey();
        if (!known.has(key.toLowerCase())) {
          throw new Error(`Policy ${policyId ?? 'of the resource'} asks for ${key} at ${question.action}, which the local cloud does not model`);
        }
      }
    }
  }
}

function explain(errors: SimulationErrors): string {
  const { message, ...details } = errors;
  return message === 'policy.errors' ? `a policy is malformed: ${JSON.stringify(details)}` : message;
}
