import { PageTransportBinding } from './binding';
import { AslTemplate } from '../../private/synth/asl-template';
import { READ_PAGE_CONTRACT, READ_TOLERANTLY_CONTRACT, ReadPageEvent, ReadTolerantlyEvent } from '../contracts/read-page';
import { itemVariables, NOTHING_COLLECTED } from '../workflow/failure-states';
import { readPageEvent, ReadPageTemplate } from '../workflow/page-states';
import { Tolerance } from '../workflow/tolerance';

/** The items of a page travel in the state of the workflow. */
export function inline(): PageTransportBinding {
  return {
    bind: ({ processor, ...options }) => {
      const processing = processor.inline(options);
      const { batchSize, maxPageBytes } = processing;
      return { ...processing, oneItemACall: false, maxPageItems: batchSize, readPage: readPage(maxPageBytes, options.tolerance) };
    },
  };
}

function readPage(pageBytes: number, tolerance: Tolerance | undefined): ReadPageTemplate {
  return {
    payload: tolerance === undefined
      ? readPageEvent(READ_PAGE_CONTRACT, { pageBytes }) satisfies AslTemplate<ReadPageEvent>
      : readPageEvent(READ_TOLERANTLY_CONTRACT, { pageBytes }) satisfies AslTemplate<ReadTolerantlyEvent>,
    resultSelector: {
      'page.$': '$.Payload.items',
      'next': { 'cursor.$': '$.Payload.cursor', 'done.$': '$.Payload.done', 'count.$': 'States.ArrayLength($.Payload.items)', ...tolerance && NOTHING_COLLECTED },
    },
    ...tolerance && { variables: itemVariables(tolerance) },
  };
}
