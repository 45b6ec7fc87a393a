import { GlueCatalog } from './catalog';
import { GlueService } from './glue-service';
import { LakeFormation } from './lake-formation';
import { glueChanges, glueResources } from './resources';
import { glueWire } from './wire';
import { CloudContext, ServiceModule } from '../service-module';

export interface GlueProvided {
  readonly catalog: GlueCatalog;
  /** Governs what is registered with it: nothing, until a test does that. */
  readonly lakeFormation: LakeFormation;
}

export function glueModule({ environment, authorize }: CloudContext): ServiceModule<GlueProvided> {
  const catalog = new GlueCatalog(environment, authorize);
  return {
    provides: { catalog, lakeFormation: new LakeFormation(authorize) },
    resources: glueResources(catalog),
    changes: glueChanges(catalog),
    wire: glueWire(new GlueService({ environment, catalog })),
  };
}
