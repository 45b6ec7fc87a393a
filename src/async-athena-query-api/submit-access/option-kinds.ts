import { IamSubmitAccessOptions, QueryOwnership } from './submit-access-options';
import { list, member, optional, OptionKinds, text } from '../../private/synth/option-kinds';

export const IAM: OptionKinds<IamSubmitAccessOptions> = {
  ownership: optional(member('QueryOwnership', QueryOwnership)),
  accounts: optional(list(text)),
};
