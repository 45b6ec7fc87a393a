import { Deployment, Route } from './definition';

export interface RouteMatch {
  readonly route: Route;
  /** Path parameters as they were sent: REST APIs hand them on percent-encoded (aws/aws-sam-cli issue 771 shows what AWS answered). */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The method for a path behind the stage; a fixed part is preferred to a parameter, a verb to ANY. */
export function findRoute({ routes }: Deployment, verb: string, path: string): RouteMatch | undefined {
  const parts = path.split('/').slice(1);
  const matches = routes.flatMap((route): Array<RouteMatch & { readonly rank: string }> => {
    const pattern = route.resourcePath.split('/').slice(1);
    const verbFits = route.method.httpMethod === verb || route.method.httpMethod === 'ANY';
    if (!verbFits || pattern.length !== parts.length) return [];
    const parameters: Record<string, string> = {};
    for (const [index, name] of pattern.entries()) {
      const parameter = /^\{(.+)\}$/.exec(name)?.[1];
      if (parameter === undefined ? name !== parts[index] : parts[index] === '') return [];
      if (parameter !== undefined) parameters[parameter] = parts[index];
    }
    const rank = pattern.map((name) => (name.startsWith('{') ? '1' : '0')).join('') + (route.method.httpMethod === 'ANY' ? '1' : '0');
    return [{ route, parameters, rank }];
  });
  return matches.sort((one, other) => one.rank.localeCompare(other.rank))[0];
}
