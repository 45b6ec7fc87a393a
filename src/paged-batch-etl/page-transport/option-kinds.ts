import { S3TransportOptions } from './page-transport-options';
import { bucket, duration, flag, optional, OptionKinds, size, text } from '../../private/synth/option-kinds';

export const S3_TRANSPORT_KINDS: OptionKinds<S3TransportOptions> = {
  bucket: optional(bucket), prefix: optional(text), maxPageBytes: optional(size), retention: optional(duration), deletePages: optional(flag),
};
