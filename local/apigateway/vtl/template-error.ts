/**
 * A template, or what it does with this input, that the local cloud cannot promise to render as API Gateway would. It is refused by name:
 * an approximate answer would approve templates that fail on AWS.
 */
export class TemplateError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TemplateError';
  }
}

/** Refuses a template, where an expression is wanted. */
export function cannotRender(message: string): never {
  throw new TemplateError(message);
}
