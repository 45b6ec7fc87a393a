import { S3HttpService } from './http/http';
import { s3Changes, s3Resources } from './resources';
import { S3Service } from './s3-service';
import { S3Store } from './store';
import { Keys } from '../kms/keys';
import { CloudContext, ServiceModule } from '../service-module';

interface Needs {
  readonly keys: Keys;
}

export function s3Module({ environment, clock, authorize }: CloudContext, { keys }: Needs): ServiceModule<{ readonly s3: S3Service }> {
  const s3 = new S3Service(new S3Store(clock), { environment, authorize, useKey: keys.use });
  return {
    provides: { s3 },
    resources: s3Resources(s3.store),
    changes: s3Changes(s3.store),
    http: new S3HttpService(s3, clock),
    removeFolders: () => s3.store.close(),
  };
}
