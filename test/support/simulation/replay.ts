/**
 * Parts of a run that are like others before them. The first pages, and the first segments, run in the interpreter with all that is in them; those after
 * them use what these used and take as long. Before that is believed, all that ran must have used the same.
 */
import { CountedPage } from './counting-source';
import { UsageMeter } from './usage-meter';
import { Clock } from '../../../local/clock';
import { isObject, JsonObject, JsonValue } from '../../../local/json';
import { added, differences, subtracted, Usage } from '../../../projenrc/tools/tables/etl-usage';

export interface ReplayLimits {
  /** Pages, of those that are full, whose processing is run. Default: all. */
  readonly pages?: number;
  /** Segments, of those that are full, that are run. Default: all. */
  readonly segments?: number;
}

interface Mark {
  readonly usage: Usage;
  readonly at: number;
}

interface Measured {
  readonly usage: Usage;
  readonly milliseconds: number;
}

interface MeasuredSegment extends Measured {
  /** What `Run Segment` got, and its answer. */
  readonly input: JsonValue;
  readonly answer: JsonObject;
  readonly events: number;
}

/** What was measured: several runs of the same machines, with the same assumptions, may share it. */
export class Replay {
  readonly pages: Measured[] = [];
  readonly segments: MeasuredSegment[] = [];
  /** The answer to the Task that processed a page. */
  pageAnswer?: JsonValue;
  /** Why nothing may be replayed. */
  fault?: Error;

  constructor(readonly limits: ReplayLimits = {}) {}

  get page(): Measured | undefined {
    return this.pages.length >= (this.limits.pages ?? Infinity) ? this.pages[0] : undefined;
  }

  get segment(): MeasuredSegment | undefined {
    return this.segments.length >= (this.limits.segments ?? Infinity) ? this.segments[0] : undefined;
  }

  addPage(page: Measured): void {
    this.compare('pages', this.pages[0] ?? page, page);
    this.pages.push(page);
  }

  addSegment(segment: MeasuredSegment): void {
    this.compare('segments', this.segments[0] ?? segment, segment);
    this.segments.push(segment);
  }

  /** What takes as long, and uses as much, each time may take the place of all others. */
  private compare(what: string, first: Measured, other: Measured): void {
    const differ = differences(first.usage, other.usage);
    if (differ.length === 0 && first.milliseconds === other.milliseconds) return;
    this.fault ??= new Error(`Not all ${what} are alike: ${[...differ, `${first.milliseconds} and ${other.milliseconds} ms`].join(', ')}`);
  }
}

/** What of a run was run, and what was replayed. */
export interface ReplayCounts {
  readonly pagesRun: number;
  readonly pagesReplayed: number;
  readonly segmentsRun: number;
  readonly segmentsReplayed: number;
}

interface StartedSegment {
  /** Of the Task. */
  readonly input: JsonValue;
  /** After the cursor in the input. */
  readonly itemsLeft: number;
  /** Tells that it runs. */
  readonly submitted: (answer: JsonValue) => void;
}

interface EndedSegment {
  readonly answer: JsonValue;
  readonly events: number;
}

export interface ReplayerOptions {
  readonly replay: Replay;
  readonly clock: Clock;
  readonly meter: UsageMeter;
  /** Items of a full page. */
  readonly pageItems?: number;
  readonly onPage?: (first: number, end: number) => void;
}

/** Decides what of one run is replayed, and does that. */
export class Replayer {
  readonly counts = { pagesRun: 0, pagesReplayed: 0, segmentsRun: 0, segmentsReplayed: 0 };
  /** Events of segments that were replayed, together and of the fullest of them. */
  replayedEvents = 0;
  fullestReplayed = 0;
  private current?: { readonly page: CountedPage; readonly full: boolean; readonly replayed?: Measured };
  private entered?: Mark;

  constructor(private readonly options: ReplayerOptions) {}

  /** The page that the segment has read, and processes next. */
  get page(): CountedPage | undefined {
    return this.current?.page;
  }

  /** Milliseconds that its processing takes, where that is replayed. */
  get replayedMilliseconds(): number | undefined {
    return this.current?.replayed?.milliseconds;
  }

  /** Answers whether the page has to have content. */
  onRead(page: CountedPage): boolean {
    const full = page.end - page.first === this.options.pageItems;
    this.current = { page, full, replayed: full ? this.options.replay.page : undefined };
    return this.current.replayed === undefined;
  }

  onProcessEntered(): void {
    this.entered = this.mark();
  }

  onProcessExited(): void {
    const { current, entered, options: { meter, replay, onPage } } = this;
    if (current === undefined || entered === undefined) return;
    const { page, full, replayed } = current;
    const milliseconds = this.options.clock.now() - entered.at;
    if (replayed === undefined) {
      this.counts.pagesRun++;
      if (full) replay.addPage({ usage: subtracted(meter.usage, entered.usage), milliseconds });
      return;
    }
    if (milliseconds !== replayed.milliseconds) replay.fault ??= new Error(`A page took ${milliseconds} ms, and is to take ${replayed.milliseconds}`);
    meter.reset(added(entered.usage, replayed.usage));
    onPage?.(page.first, page.end);
    this.counts.pagesReplayed++;
  }

  /** A segment: answers what the Task does that starts it and waits. */
  async segment({ input, itemsLeft, submitted }: StartedSegment, run: () => Promise<EndedSegment>): Promise<JsonValue> {
    const { replay, clock, meter, onPage } = this.options;
    const known = replay.segment;
    const items = known === undefined ? 0 : advance(known, 'items');
    if (known !== undefined && itemsLeft > items) {
      submitted(known.answer);
      await clock.sleep(known.milliseconds);
      meter.add(known.usage);
      const cursor = Number(progressOf(input, 'Input').cursor ?? 0);
      onPage?.(cursor, cursor + items);
      this.counts.segmentsReplayed++;
      this.counts.pagesReplayed += advance(known, 'pages');
      this.replayedEvents += known.events;
      this.fullestReplayed = Math.max(this.fullestReplayed, known.events);
      return replayedAnswer(known, input, `${cursor + items}`);
    }
    const before = this.mark();
    const { answer, events } = await run();
    this.counts.segmentsRun++;
    if (!isObject(answer)) throw new Error('A segment answered nothing');
    const { usage, at } = this.mark();
    const done = isObject(answer.Output) && answer.Output.done === true;
    if (!done) replay.addSegment({ input, answer, events, usage: subtracted(usage, before.usage), milliseconds: at - before.at });
    return answer;
  }

  private mark(): Mark {
    return { usage: this.options.meter.usage, at: this.options.clock.now() };
  }
}

/** By how much a segment moves a count of the run's progress. */
function advance({ input, answer }: Pick<MeasuredSegment, 'input' | 'answer'>, name: string): number {
  return Number(progressOf(answer, 'Output')[name]) - Number(progressOf(input, 'Input')[name]);
}

/** The answer to another input: its counts go on from there. */
function replayedAnswer(known: MeasuredSegment, input: JsonValue, cursor: string): JsonObject {
  const progress = progressOf(input, 'Input');
  const moved = Object.fromEntries(['pages', 'items', 'segments'].map((name) => [name, Number(progress[name]) + advance(known, name)]));
  return { ...known.answer, Input: member(input, 'Input'), Output: { progress: { ...progress, ...moved, cursor }, done: false, failure: null } };
}

function progressOf(value: JsonValue, name: 'Input' | 'Output'): JsonObject {
  const progress = member(member(value, name), 'progress');
  if (!isObject(progress)) throw new Error('A segment has no progress');
  return progress;
}

function member(value: JsonValue, name: string): JsonValue {
  return isObject(value) ? value[name] ?? null : null;
}
