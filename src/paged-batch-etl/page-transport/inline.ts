import { PageTransportBinding } from './binding';
import { AslTemplate } from '../../private/synth/asl-template';
import { READ_PAGE_CONTRACT, ReadPageEvent } from '../contracts/read-page';
import { readPageEvent } from '../workflow/page-states';

/** The items of a page travel in the state of the workflow. */
export function inline(): PageTransportBinding {
  return {
    bind: ({ processor, ...options }) => {
      const processing = processor.inline(options);
      return { ...processing, maxPageItems: processing.batchSize, readPage: READ_PAGE };
    },
  };
}

const READ_PAGE = {
  payload: readPageEvent(READ_PAGE_CONTRACT) satisfies AslTemplate<ReadPageEvent>,
  resultSelector: {
    'page.$': '$.Payload.items',
    'next': { 'cursor.$': '$.Payload.cursor', 'done.$': '$.Payload.done', 'count.$': 'States.ArrayLength($.Payload.items)' },
  },
};
