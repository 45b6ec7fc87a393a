import { IamSubmitAccessOptions, QueryOwnership } from './submit-access-options';
import { member, optional, OptionKinds } from '../../private/synth/option-kinds';

export const IAM: OptionKinds<IamSubmitAccessOptions> = { ownership: optional(member('QueryOwnership', QueryOwnership)) };
