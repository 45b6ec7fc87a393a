import { Token } from 'aws-cdk-lib';
import { PageSourceBinding } from './binding';
import { documentSource } from './document-source';
import { MongoCollation } from './mongo-collation';
import { MongoSourceOptions } from './page-source-options';
import { checkInteger, checkText, InvalidPropError } from '../../private/synth/validation';
import { MongoCollationConfig } from '../contracts/source-function';

const FACTORY = 'PageSource.mongo';

/** One name in the domain of Atlas, without a port, and not that of a member, such as `cluster0-shard-00-01.abcde.mongodb.net`. */
const ATLAS_CLUSTER = /^(?![^.]*-shard-\d)[^:,]+\.mongodb\.net$/i;

/** A collection of a MongoDB server, the user's own or Atlas. */
export function mongo(options: MongoSourceOptions): PageSourceBinding {
  const { srv = false, mixedIdTypes = false, host, sort = ['_id'] } = options;
  if (srv && (host === undefined || (!Token.isUnresolved(host) && /[:,]/.test(host)))) {
    throw new InvalidPropError(
      `host of ${FACTORY}`, host ?? 'nothing', 'one name without a port where srv is true', 'the name is looked up for hosts and ports',
    );
  }
  if (!srv && host !== undefined && !Token.isUnresolved(host) && ATLAS_CLUSTER.test(host)) {
    throw new InvalidPropError(
      `srv of ${FACTORY}`, false, `true for the host of an Atlas cluster, ${host}`, 'such a name has no address: set srv: true, or list the hosts of its members',
    );
  }
  if (mixedIdTypes && sort.length > 1) {
    throw new InvalidPropError(`mixedIdTypes of ${FACTORY}`, true, 'false where sort has other fields than _id', 'walk by _id alone, or let the filter leave one type ($type)');
  }
  if (options.certificateAuthority && options.tls === false) {
    throw new InvalidPropError(`certificateAuthority of ${FACTORY}`, 'a secret', 'left out where tls is false', 'nobody shows a certificate there');
  }
  return documentSource(options, {
    factory: FACTORY,
    vpc: options.vpc,
    certificateAuthority: options.certificateAuthority,
    config: { engine: 'mongo', srv, mixedIdTypes, readConcern: options.readConcern, collation: options.collation && collationOf(options.collation) },
  });
}

/** Field by field, so that the text is the same from every language. */
function collationOf(collation: MongoCollation): MongoCollationConfig {
  checkText(`locale of the collation of ${FACTORY}`, collation.locale, /./, 'the name of a locale', 'such as en');
  if (collation.strength !== undefined) {
    checkInteger(`strength of the collation of ${FACTORY}`, collation.strength, { min: 1, max: 5 }, 'the default of the server is 3');
  }
  const { locale, caseLevel, caseFirst, strength, numericOrdering, alternate, maxVariable, normalization, backwards } = collation;
  return { locale, caseLevel, caseFirst, strength, numericOrdering, alternate, maxVariable, normalization, backwards };
}
