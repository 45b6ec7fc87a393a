import { LocalCloud } from '../../../local/cloud';
import { JsonObject, JsonValue } from '../../../local/json';
import { Answer, ReceivedRequest, Receiver } from '../../../local/network/receiver';

/** Where the functions of the stack find the test. */
export const TEST_HOST = 'test.example.com';
const TEST_ADDRESS = '93.184.216.40';

/** What a function does with an event: what this answers or throws is what the function answers or throws. */
export type Behaviour = (event: JsonObject) => JsonValue | Promise<JsonValue>;

const answerNothing: Behaviour = () => null;

/** How a function of the user fails. */
export class FunctionError extends Error {
  constructor(readonly name: string, message: string) {
    super(message);
  }
}

/** Functions in the stack that hand every event to the test and do as it says: see relay/index.js. */
export class RemoteFunctions {
  static async start(cloud: LocalCloud): Promise<RemoteFunctions> {
    const functions = new RemoteFunctions(await Receiver.start(cloud.certificates));
    functions.receiver.answer(async (request) => functions.react(request));
    cloud.connectHost(TEST_HOST, { addresses: [TEST_ADDRESS], connectTo: functions.receiver.connectTo });
    return functions;
  }

  private readonly behaviours = new Map<string, Behaviour>();
  private readonly events = new Map<string, string[]>();

  private constructor(private readonly receiver: Receiver) {}

  /** Decides what a function does from its next call on. Default: it answers null. */
  behave(name: string, behaviour: Behaviour): void {
    this.behaviours.set(name, behaviour);
  }

  /** Events that a function was called with, oldest first, those included that it failed at. */
  calls<T = JsonObject>(name: string): readonly T[] {
    return (this.events.get(name) ?? []).map((event): T => JSON.parse(event));
  }

  /** Forgets all behaviours and events. */
  reset(): void {
    this.behaviours.clear();
    this.forgetCalls();
  }

  /** Forgets all events. */
  forgetCalls(): void {
    this.events.clear();
    this.receiver.requests.length = 0;
  }

  async close(): Promise<void> {
    await this.receiver.close();
  }

  private async react({ path, body }: ReceivedRequest): Promise<Answer> {
    const name = path.slice(1);
    const events = this.events.get(name) ?? [];
    this.events.set(name, events);
    events.push(body);
    return { status: 200, body: JSON.stringify(await this.reactionTo(name, JSON.parse(body))) };
  }

  private async reactionTo(name: string, event: JsonObject): Promise<JsonObject> {
    try {
      return { answer: await (this.behaviours.get(name) ?? answerNothing)(event) };
    } catch (error) {
      return { error: error instanceof Error ? { name: error.name, message: error.message } : { name: 'Error', message: String(error) } };
    }
  }
}
