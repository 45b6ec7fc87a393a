/** Writes the OpenAPI document of the docs. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPENAPI_EXAMPLE, openApiExample } from './example';
import { fail, ROOT } from '../repository';

try {
  writeFileSync(join(ROOT, OPENAPI_EXAMPLE), openApiExample());
} catch (error) {
  fail(error);
}
