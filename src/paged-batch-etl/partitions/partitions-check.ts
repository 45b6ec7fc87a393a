import { Token } from 'aws-cdk-lib';
import { DividedSource } from './binding';
import { checkInteger, InvalidPropError, refuseToken } from '../../private/synth/validation';

/** Source: Step Functions quotas, concurrent iterations of an inline Map. */
export const MAX_WORKERS = 40;

export function checkWorkers(factory: string, workers: number): void {
  refuseToken(`workers of ${factory}`, Token.isUnresolved(workers), 'the workflow is rendered with it');
  checkInteger(`workers of ${factory}`, workers, { min: 1, max: MAX_WORKERS }, 'Step Functions runs no more at a time in one execution');
}

/** The field whose values divide the source. */
export function dividedField(factory: string, { sort }: DividedSource): string {
  if (sort !== undefined) return sort[0];
  throw new InvalidPropError(
    'partitions', factory, 'Partitions.none where source is PageSource.custom', 'only the function knows the order of its items: start one run for each part, with a parameter that says which',
  );
}
