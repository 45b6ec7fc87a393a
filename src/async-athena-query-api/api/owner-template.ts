import { CallerTemplate } from '../submit-access/binding';
import { jsonInText } from '../submitted-queries/mapping';

/** Pieces of a mapping template that write the owner of a query down, once `$owner` is set. */
type Owner = Pick<CallerTemplate, 'ownerIsAnyText'>;

/** What the owner has between the quotation marks of its JSON text. */
export function ownerInJson({ ownerIsAnyText = false }: Owner): string {
  return ownerIsAnyText ? jsonInText('$owner') : '$owner';
}

/** The same of JSON text within a JSON string. */
export function ownerInText(caller: Owner): string {
  return caller.ownerIsAnyText === true ? jsonInText(ownerInJson(caller)) : '$owner';
}

/** A call as it is written, if there is an owner: else one that every service refuses, because all who have none would be the same. */
export function ifOwned(call: string, { ownerIsAnyText = false }: Owner): string {
  return ownerIsAnyText ? `#if($owner.trim().length() > 0)${call}#{else}{}#end` : call;
}
