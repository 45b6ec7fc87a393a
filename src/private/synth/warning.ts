import { Annotations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Warnings that a user can acknowledge, by the last part of their ids. An id may be added, never changed. */
export type WarningName =
  | 'announcementToAnotherAccount' | 'databaseInCollection' | 'dateTextInFilter' | 'functionOfAnotherAccount' | 'functionTimeout' | 'keyPolicy' | 'ledgerExpiry' | 'muchConcurrency' | 'pageLifecycle' | 's3Route' | 'scheduleGaps'
  | 'scheduleSkipped' | 'scheduleWindow' | 'secretsManagerRoute' | 'stsRoute';

/** Warns of what is probably a mistake and may be right. What is always a mistake is an `InvalidPropError`. */
export function warn(scope: IConstruct, name: WarningName, message: string): void {
  Annotations.of(scope).addWarningV2(`cdk-data-workflows:${name}`, message);
}
