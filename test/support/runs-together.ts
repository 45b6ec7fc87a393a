/** Whether two runs of a window ever process something at the same time. */
import { EtlRig } from './etl-rig';
import { ObservedEvent } from '../../local/stepfunctions/service';
import { PageState } from '../../src/paged-batch-etl/workflow/page-states';

/** Segments between their first page and their end, by the runs that they belong to. */
export class Together {
  private readonly open = new Map<string, string>();
  readonly clashes: string[] = [];

  see({ executionArn, event: { type, details } }: ObservedEvent, rig: EtlRig): void {
    if (type === 'TaskStateEntered' && details.state === PageState.READ) {
      const run = runOf(rig, executionArn);
      const window = windowOf(rig, run);
      for (const [segment, other] of this.open) if (other !== run && windowOf(rig, other) === window) this.clashes.push(`${executionArn} of ${run} beside ${segment} of ${other}`);
      this.open.set(executionArn, run);
    }
    if (/^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(type)) this.open.delete(executionArn);
  }
}

/** The run of a segment, or the run itself. */
export function runOf(rig: EtlRig, executionArn: string): string {
  const started = JSON.stringify(rig.historyOf(executionArn)[0]);
  return /STARTED_BY_EXECUTION_ID\\*":\\*"([^"\\]+)/.exec(started)?.[1] ?? executionArn;
}

/** What a run was started with, or the run that it goes on with. */
function windowOf(rig: EtlRig, executionArn: string): string {
  const input = JSON.stringify(rig.historyOf(executionArn)[0].details.input);
  const resumed = /"resume":"([^"]+)/.exec(input)?.[1];
  return resumed === undefined ? input : windowOf(rig, resumed);
}
