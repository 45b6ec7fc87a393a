import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DocTable } from './doc-table';
import { ROOT } from '../repository';

/** The resource types that the local cloud makes, as the files of its services have them: `AWS::S3::Bucket`. */
export function localResourceTypes(): { readonly service: string; readonly type: string }[] {
  const files = readdirSync(join(ROOT, 'local'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('resources.ts')).sort();
  return files.flatMap((file) => (
    [...readFileSync(join(ROOT, 'local', file), 'utf8').matchAll(/^\s*'AWS::(\w+)::(\w+)':(?! notImplemented)/gm)].map(([, service, type]) => ({ service, type }))));
}

/** A table of them. */
export const LOCAL_RESOURCES: DocTable = {
  page: 'docs/local-cloud.md',
  name: 'Resource types',
  origin: 'the services in local/',
  make: () => {
    const types = localResourceTypes();
    const services = [...new Set(types.map(({ service }) => service))].sort();
    const rows = services.map((service) => [
      service, [...new Set(types.filter((found) => found.service === service).map(({ type }) => `\`${type}\``))].sort().join(', '),
    ]);
    return { header: ['service', 'resource types, after `AWS::service::`'], rows };
  },
};
