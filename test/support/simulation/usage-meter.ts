import { dataBytes, expressBill, TransitionCounter } from '../../../local/stepfunctions/api/billing';
import { HistoryEvent, isEnd } from '../../../local/stepfunctions/interpreter/history';
import { ObservedEvent } from '../../../local/stepfunctions/service';
import { added, NO_USAGE, subtracted, Usage } from '../../../projenrc/tools/tables/etl-usage';

/** What an execution is, by its ARN. */
export interface ExecutionKind {
  readonly express: boolean;
  /** Started by a Distributed Map. */
  readonly child: boolean;
  /** Name of its machine. */
  readonly machine: string;
}

export function kindOf(executionArn: string): ExecutionKind {
  const [, , , , , kind, machine] = executionArn.split(':');
  const [name, label] = machine.split('/');
  return { express: kind === 'express', child: label !== undefined, machine: name };
}

/** Counts what is used, and keeps nothing of executions that have ended. */
export class UsageMeter {
  private readonly transitions = new TransitionCounter();
  private readonly express = new Map<string, HistoryEvent[]>();
  private readonly waits = new Map<string, number>();
  private counted = NO_USAGE;
  private startsSeen = 0;

  /** @param definitionBytes of machines, by name */
  constructor(private readonly definitionBytes: ReadonlyMap<string, number>) {}

  get usage(): Usage {
    const { counted, transitions } = this;
    // The counter counts starts of children as well.
    return { ...counted, transitions: counted.transitions + transitions.total - this.startsSeen };
  }

  /** What was used is so much, whatever was counted. */
  reset(usage: Usage): void {
    this.counted = added(this.counted, subtracted(usage, this.usage));
  }

  add(usage: Partial<Usage>): void {
    this.counted = added(this.counted, usage);
  }

  /** An execution waits before it begins: that is not billed. */
  beginsLater(executionArn: string, milliseconds: number): void {
    this.waits.set(executionArn, milliseconds);
  }

  observe(observed: ObservedEvent): void {
    this.transitions.observe(observed);
    const { executionArn, event } = observed;
    const { express, child, machine } = kindOf(executionArn);
    if (child && event.type === 'ExecutionStarted') {
      this.startsSeen++;
      this.add({ childStarts: 1 });
    }
    if (!express) return;
    const events = this.express.get(executionArn) ?? [];
    events.push(event);
    this.express.set(executionArn, events);
    if (isEnd(event.type)) this.bill(executionArn, events, this.definitionBytes.get(machine) ?? 0);
  }

  private bill(executionArn: string, events: readonly HistoryEvent[], definitionBytes: number): void {
    const milliseconds = events[events.length - 1].timestamp - events[0].timestamp - (this.waits.get(executionArn) ?? 0);
    const { gigabyteSeconds } = expressBill(milliseconds, definitionBytes, dataBytes(events));
    this.add({ expressRequests: 1, expressGigabyteSeconds: gigabyteSeconds });
    this.express.delete(executionArn);
    this.waits.delete(executionArn);
  }
}
