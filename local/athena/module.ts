import { AthenaService } from './athena-service';
import { athenaChanges, athenaResources } from './resources';
import { athenaWire } from './wire';
import { MetricStore } from '../cloudwatch/metric-store';
import { GlueCatalog } from '../glue/catalog';
import { LakeFormation } from '../glue/lake-formation';
import { S3Service } from '../s3/s3-service';
import { CloudContext, ServiceModule } from '../service-module';

interface Needs {
  readonly s3: S3Service;
  readonly catalog: GlueCatalog;
  readonly lakeFormation: LakeFormation;
  readonly metrics: MetricStore;
}

export function athenaModule(
  context: CloudContext, { s3, catalog, lakeFormation, metrics }: Needs,
): ServiceModule<{ readonly athena: AthenaService }> {
  const { enginePace, rowsPerUnloadedFile: rowsPerFile } = context.settings;
  const athena = new AthenaService({ ...context, s3, catalog, lakeFormation, enginePace, rowsPerFile, emitMetric: metrics.emitter(context.clock) });
  return {
    provides: { athena },
    resources: athenaResources(athena, context.clock),
    changes: athenaChanges(athena, context.clock),
    wire: athenaWire(athena),
    close: async () => athena.close(),
  };
}
