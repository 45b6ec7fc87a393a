import { MongoAlternate, MongoCaseFirst, MongoCollation, MongoMaxVariable } from './mongo-collation';
import { MissingCollection, MongoItemFormat, MongoReadConcern, MongoReadPreference } from './page-source-options';
import type { CustomSourceOptions, DocumentDbSourceOptions, MongoCompatibleSourceOptions, MongoSourceOptions } from './page-source-options';
import {
  choice, duration, flag, lambdaFunction, list, member, nested, number, optional, OptionKinds, secret, securityGroup, subnetSelection, text, vpc,
} from '../../private/synth/option-kinds';
import { MongoFilter } from '../mongo-filter/mongo-filter';

const COMPATIBLE_KINDS: OptionKinds<MongoCompatibleSourceOptions> = {
  connectionSecret: secret,
  database: text,
  collection: text,
  sort: optional(list(text)),
  filter: optional(choice(MongoFilter)),
  unindexedFilterFields: optional(list(text)),
  host: optional(text),
  tls: optional(flag),
  projection: optional(list(text)),
  hint: optional(text),
  readPreference: optional(member('MongoReadPreference', MongoReadPreference)),
  ifMissing: optional(member('MissingCollection', MissingCollection)),
  indexCheck: optional(flag),
  itemFormat: optional(member('MongoItemFormat', MongoItemFormat)),
  timeout: optional(duration),
  memorySize: optional(number),
  vpcSubnets: optional(subnetSelection),
  securityGroups: optional(list(securityGroup)),
};

const COLLATION_KINDS: OptionKinds<MongoCollation> = {
  locale: text,
  strength: optional(number),
  caseLevel: optional(flag),
  caseFirst: optional(member('MongoCaseFirst', MongoCaseFirst)),
  numericOrdering: optional(flag),
  alternate: optional(member('MongoAlternate', MongoAlternate)),
  maxVariable: optional(member('MongoMaxVariable', MongoMaxVariable)),
  backwards: optional(flag),
  normalization: optional(flag),
};

export const MONGO_KINDS: OptionKinds<MongoSourceOptions> = {
  ...COMPATIBLE_KINDS,
  srv: optional(flag),
  certificateAuthority: optional(secret),
  readConcern: optional(member('MongoReadConcern', MongoReadConcern)),
  collation: optional(nested(COLLATION_KINDS)),
  mixedIdTypes: optional(flag),
  vpc: optional(vpc),
};

export const DOCUMENT_DB_KINDS: OptionKinds<DocumentDbSourceOptions> = { ...COMPATIBLE_KINDS, vpc };

export const CUSTOM_KINDS: OptionKinds<CustomSourceOptions> = { handler: lambdaFunction, timeout: optional(duration) };
