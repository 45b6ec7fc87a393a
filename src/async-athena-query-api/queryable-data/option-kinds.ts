import { GlueTablesOptions, LakeFormationOptions } from './queryable-data-options';
import { bucket, flag, list, optional, OptionKinds, text } from '../../private/synth/option-kinds';

export const GLUE_TABLES_KINDS: OptionKinds<GlueTablesOptions> = {
  database: text, tables: optional(list(text)), bucket, prefix: optional(text), write: optional(flag),
};

export const LAKE_FORMATION_KINDS: OptionKinds<LakeFormationOptions> = { database: text, tables: optional(list(text)) };
