import { PageTransportBinding } from './binding';
import { AslTemplate } from '../../private/synth/asl-template';
import { READ_PAGE_CONTRACT, ReadPageEvent } from '../contracts/read-page';
import { readPageEvent, ReadPageTemplate } from '../workflow/page-states';

/** The items of a page travel in the state of the workflow. */
export function inline(): PageTransportBinding {
  return {
    bind: ({ processor, ...options }) => {
      const processing = processor.inline(options);
      return { ...processing, oneItemACall: false, maxPageItems: processing.batchSize, readPage: readPage(processing.maxPageBytes) };
    },
  };
}

function readPage(pageBytes: number): ReadPageTemplate {
  return {
    payload: readPageEvent(READ_PAGE_CONTRACT, { pageBytes }) satisfies AslTemplate<ReadPageEvent>,
    resultSelector: {
      'page.$': '$.Payload.items',
      'next': { 'cursor.$': '$.Payload.cursor', 'done.$': '$.Payload.done', 'count.$': 'States.ArrayLength($.Payload.items)' },
    },
  };
}
