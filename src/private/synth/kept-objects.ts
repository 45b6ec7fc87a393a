import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { InvalidPropError } from './validation';

export interface KeptObjectsProps {
  /** The option with the prefix, for messages. */
  readonly option: string;
  readonly kind: 'letters' | 'pages' | 'results';
  readonly bucket: IBucket;
  /** Empty where the lifecycle rules of the bucket are about all of it. */
  readonly prefix: string;
}

/**
 * Where a construct keeps objects. It makes no resource: it stands in the tree for other constructs of the app to find, whose objects must not be at the same place.
 * Letters of several constructs may be, and pages too: their keys have the execution in them.
 */
export class KeptObjects extends Construct {
  private readonly kept: KeptObjectsProps;

  constructor(scope: Construct, props: KeptObjectsProps) {
    const all = scope.node.root.node.findAll().filter((construct) => construct instanceof KeptObjects);
    for (const { kept, node } of all) if (wouldMeet(props, kept)) throw notApart(props, kept, node.scope?.node.path ?? '');
    super(scope, `Kept${props.kind}`);
    this.kept = props;
  }
}

function wouldMeet(one: KeptObjectsProps, other: KeptObjectsProps): boolean {
  // One that was made by name, and looked up by another construct, is the same one too.
  if (one.bucket.bucketName !== other.bucket.bucketName) return false;
  if (one.kind === other.kind && one.kind !== 'results') return false;
  return one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix);
}

function notApart({ option, prefix }: KeptObjectsProps, { kind, prefix: theirs }: KeptObjectsProps, path: string): InvalidPropError {
  return new InvalidPropError(
    option, prefix, `apart from ${theirs === '' ? 'all of the bucket' : theirs}, where the ${kind} of ${path} are`,
    'what lets the ones expire, or deletes or may read them, would be about the others too: take prefixes of which none begins with the other, or another bucket',
  );
}
