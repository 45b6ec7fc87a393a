import { REFUSAL_MEANINGS } from './describe-manage';
import { KEYS_ROUTE } from './keys-route';
import { TELL_KEYS_REFUSALS } from '../contracts/tell-keys';
import { DescribedRoute, jsonContent } from '../open-api/document';
import { KEYS_SCHEMAS } from '../open-api/query-schemas';
import { DescribedRefusal, refusalResponses } from '../open-api/refusals';
import { component } from '../open-api/schema';

/** `GET /signing-keys`. */
export function describeSigningKeys(gateway: readonly DescribedRefusal[]): DescribedRoute {
  const refused = [
    { code: 'TryAgain', status: TELL_KEYS_REFUSALS.TryAgain, meaning: REFUSAL_MEANINGS.TryAgain },
    { code: 'InternalError', status: TELL_KEYS_REFUSALS.InternalError, meaning: REFUSAL_MEANINGS.InternalError },
  ];
  return {
    ...KEYS_ROUTE,
    operation: {
      operationId: 'GetSigningKeys',
      summary: 'Get the public keys',
      description: 'Tells the public keys that verify callbacks. Keep them, and ask again when no key fits.',
      responses: {
        200: { description: 'The keys.', content: jsonContent(component('PublicSigningKeys')) },
        ...refusalResponses([...refused, ...gateway]),
      },
    },
    schemas: KEYS_SCHEMAS,
  };
}
