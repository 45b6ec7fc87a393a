import { GlueCatalog } from './catalog';
import { GlueService } from './glue-service';
import { glueResources } from './resources';
import { glueWire } from './wire';
import { CloudContext, ServiceModule } from '../service-module';

export function glueModule({ environment, authorize }: CloudContext): ServiceModule<{ readonly catalog: GlueCatalog }> {
  const catalog = new GlueCatalog(environment, authorize);
  return { provides: { catalog }, resources: glueResources(catalog), wire: glueWire(new GlueService({ environment, catalog })) };
}
