import { QueryExecution } from './query-execution';
import { accessFailure } from './query-failure';
import { ResultEncryption } from './work-group';
import { CallContext } from '../aws/service';
import { Encryption } from '../s3/objects';
import { S3Service } from '../s3/s3-service';

/** Writes what a query leaves in S3, with the rights of the one who started it and encrypted as the query's results are. */
export class ResultWriter {
  constructor(private readonly s3: S3Service) {}

  /** The result itself, and what Athena has beside it for its own use. */
  async writeResult(query: QueryExecution, body: Buffer, context: CallContext): Promise<void> {
    const { key } = query.output;
    await this.write(query, key, body, key.endsWith('.csv') ? 'text/csv' : 'text/plain', context);
    await this.writeMetadata(query, context);
  }

  /** Athena's own format of this file is not public; nobody but Athena reads it. */
  async writeMetadata(query: QueryExecution, context: CallContext): Promise<void> {
    const info = Buffer.from(JSON.stringify({ columns: query.columns }));
    await this.write(query, `${query.output.key}.metadata`, info, 'application/octet-stream', context);
  }

  /** The manifest of the files that a query writes: one address in each line. */
  async writeManifest(query: QueryExecution, addresses: readonly string[], context: CallContext): Promise<void> {
    const { bucket, key } = query.output;
    const manifest = `${key}-manifest.csv`;
    await this.write(query, manifest, Buffer.from(addresses.map((address) => `${address}\n`).join('')), 'text/csv', context);
    query.manifest = `s3://${bucket}/${manifest}`;
  }

  /** A file of an UNLOAD. The owner that the results' bucket is expected to have says nothing of its bucket. */
  async writeFile(query: QueryExecution, bucket: string, key: string, body: Buffer, context: CallContext): Promise<void> {
    await this.put(query, { bucket, key, body, context, headers: { 'content-type': 'application/octet-stream' } });
  }

  private async write(query: QueryExecution, key: string, body: Buffer, contentType: string, context: CallContext): Promise<void> {
    const { expectedBucketOwner: expectedOwner } = query.options.results;
    await this.put(query, { bucket: query.output.bucket, key, body, context, expectedOwner, headers: { 'content-type': contentType } });
  }

  private async put(query: QueryExecution, request: Omit<Parameters<S3Service['put']>[0], 'encryption'>): Promise<void> {
    const { encryption } = query.options.results;
    try {
      await this.s3.put({ ...request, encryption: encryption && objectEncryption(encryption) });
    } catch (error) {
      throw accessFailure(error, `Access denied when writing output to url: s3://${request.bucket}/${request.key}. Please ensure you are allowed to access the S3 bucket. `
        + 'If you are encrypting query results with KMS key, please ensure you are allowed to access your KMS key');
    }
  }
}

function objectEncryption(encryption: ResultEncryption): Encryption {
  return encryption.option === 'SSE_S3' ? { algorithm: 'AES256' } : { algorithm: 'aws:kms', keyArn: encryption.keyArn };
}
