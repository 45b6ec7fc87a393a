import { GlueCatalog } from './catalog';
import { glueResources } from './resources';
import { CloudContext, ServiceModule } from '../service-module';

export function glueModule({ environment, authorize }: CloudContext): ServiceModule<{ readonly catalog: GlueCatalog }> {
  const catalog = new GlueCatalog(environment, authorize);
  return { provides: { catalog }, resources: glueResources(catalog) };
}
