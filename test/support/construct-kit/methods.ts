/** Names of the methods of a class that begin so: a row of a table is missing where one of them has none. */
export function methodsOf(made: object, beginning: string): string[] {
  return Object.getOwnPropertyNames(Object.getPrototypeOf(made)).filter((name) => new RegExp(`^${beginning}[A-Z]`).test(name)).sort();
}
