import { MAX_REASON_LENGTH } from '../contracts/announcement';
import { MAY_BE_ROWS, READS_ROWS, WRITES_FILES, WRITES_ONE_FILE } from '../contracts/result-kind';

/**
 * What is announced, as an expression over the state of the workflow in which a query has ended. In JSONata, because no path and no intrinsic function takes a
 * text apart, or gives a value in place of one that is missing.
 *
 * It says what the callback says: `delivery/function/callback-body.ts` and `result-kind.ts` have the same rules, and a property compares the two. Of the
 * reason it has the code alone, for what Athena says beside it may quote the SQL. Where Athena does not say what kind of statement it was, an object is announced by its name alone: no
 * expression can look whether there is one, as the delivery does.
 *
 * @param filesUnder where the results of requests with a format lie, in a folder of each query; undefined where no request has a format
 */
export function announcementOf(filesUnder?: string): string {
  const { unloaded, folder } = filesUnder === undefined ? NO_FORMATS : formats(filesUnder);
  return `(
    $text := function($value) { $type($value) = 'string' ? $value : '' };
    $time := function($value, $otherwise) { $type($value) = 'number' ? $value : $toMillis($type($value) = 'string' ? $value : $otherwise) };
    $query := $states.input.AthenaResult.QueryExecution;
    $status := $query.Status;
    $stopped := $exists($states.input.StopRequest);
    $started := $exists($query);
    $state := $started
      ? (
        $status.State in ${list(['SUCCEEDED', 'FAILED', 'CANCELLED'])} ? $status.State
        : $stopped and $status.State in ${list(['QUEUED', 'RUNNING'])} ? 'CANCELLED'
        : $error('The query is not finished')
      )
      : 'FAILED';
    $output := $text($query.ResultConfiguration.OutputLocation);
    $manifest := $text($query.Statistics.DataManifestLocation);
    $kindless := $not($type($query.SubstatementType) = 'string');
    $kind := $state != 'SUCCEEDED' ? 'NONE'${unloaded}
      : $query.SubstatementType in ${list(WRITES_FILES)} ? 'FILES'
      : $kindless and $manifest != '' ? 'FILES'
      : $query.StatementType = 'DML' ? (($kindless ? $contains($output, /${MAY_BE_ROWS}/) : $query.SubstatementType in ${list(READS_ROWS)}) ? 'OBJECT' : 'NONE')
      : ${Object.entries(WRITES_ONE_FILE).map(([type, ending]) => `$query.StatementType = '${type}' and $contains($output, /${ending}/)`).join(' or ')} ? 'OBJECT'
      : 'NONE';
    $path := $substringAfter($kind = 'OBJECT' ? $output${folder} : $kind = 'FILES' ? $manifest : '', 's3://');
    $code := $not($started) ? $text($states.input.StartError.Error)
      : $state = 'CANCELLED' and $stopped ? 'QueryTimeout'
      : $text($match($text($status.StateChangeReason), /^[A-Z][A-Z0-9_]{2,}(?=:)/).match);
    {
      'QueryId': $states.context.Execution.Name,
      'ClientReference': $text($states.context.Execution.Input.ApiRequest.ClientReference),
      'State': $state,
      'Reason': $substring($code, 0, ${MAX_REASON_LENGTH}),
      'ResultKind': $kind,
      'Bucket': $contains($path, '/') ? $substringBefore($path, '/') : '',
      'Key': $contains($path, '/') ? $substringAfter($path, '/') : '',
      'SubmissionDateTime': $time($status.SubmissionDateTime, $states.context.Execution.StartTime),
      'CompletionDateTime': $time($status.CompletionDateTime, $states.context.State.EnteredTime)
    }
  )`;
}

const NO_FORMATS = { unloaded: '', folder: '' };

/** A query whose request has a format was an UNLOAD, and its files lie in a folder of its own. In double quotes, for a prefix may have single ones. */
function formats(filesUnder: string) {
  const chosen = '$exists($states.context.Execution.Input.ApiRequest.ResultFormat)';
  return {
    unloaded: `\n      : ${chosen} ? 'FILES'`,
    folder: ` : $kind = 'FILES' and ${chosen} ? "${filesUnder}" & $states.context.Execution.Name & '/'`,
  };
}

function list(texts: readonly string[]): string {
  return JSON.stringify(texts);
}
