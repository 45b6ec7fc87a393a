import { get } from 'node:https';

export interface Download {
  readonly status: number;
  readonly body: string;
}

/** Opens a link as a receiver's program would, trusting the local cloud's certificate authority. */
export function download(url: string, caPem: string): Promise<Download> {
  return new Promise((resolve, reject) => {
    const request = get(url, { ca: caPem, agent: false, timeout: 10_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error('The download took more than 10 seconds')));
  });
}
