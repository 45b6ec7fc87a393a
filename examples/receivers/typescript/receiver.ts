/** Receives the callbacks of an AsyncAthenaQueryApi: verifies and keeps them, answers at once, and downloads the results after that. */
import { createServer, IncomingMessage } from 'node:http';
import { AddressInfo } from 'node:net';
import { Callback, downloadResult } from './download';
import { FolderInbox, Inbox } from './inbox';
import { isGenuine } from './signature';

/** A callback is smaller than this by far. */
const MAX_BYTES = 1_000_000;
/** Node reads a request for at most this long. */
const REQUEST_TIMEOUT_MS = 15_000;

const inbox: Inbox = new FolderInbox('inbox');
let work = Promise.resolve();

/** One result after the other. What fails stays in the inbox, and is tried again at the next start. */
function downloadLater(id: string, text: string): void {
  work = work.then(async () => {
    try {
      const callback: Callback = JSON.parse(text);
      console.log(`${id}: ${await downloadResult(callback)}`);
      inbox.done(id);
    } catch (error) {
      console.error(`${id}: given up until the next start`, error);
    }
  });
}

/** The status to answer. */
async function receive(request: IncomingMessage): Promise<number> {
  const rawBody = await read(request);
  if (rawBody === undefined) return 413;
  // Verify the bytes as they came, and read them after that.
  if (!await isGenuine(request.headers, rawBody)) return 401;
  const [id, text] = [String(request.headers['webhook-id']), rawBody.toString()];
  // A callback can arrive more than once. All its repeats have the same id.
  if (inbox.add(id, text)) downloadLater(id, text);
  else console.log(`${id}: a repeat, dropped`);
  return 204;
}

async function read(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

for (const [id, text] of inbox.waiting()) downloadLater(id, text);

const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
  void receive(request).catch((error) => {
    // Any other status than 2xx, 3xx and a few others has the callback sent again later.
    console.error(error);
    return 500;
  }).then((status) => response.writeHead(status, status === 413 ? { connection: 'close' } : {}).end());
});
server.listen(Number(process.env.PORT ?? 8080), process.env.HOST ?? '127.0.0.1', () => {
  const address: AddressInfo | string | null = server.address();
  console.log(`listening on ${typeof address === 'object' ? address?.port : address}`);
});
