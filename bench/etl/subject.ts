import { Stack } from 'aws-cdk-lib';
import { RunAssumptions, readingMilliseconds } from '../../projenrc/tools/tables/etl-assumptions';
import { RunKind, runShape, RunShape, TRANSPORTS } from '../../projenrc/tools/tables/etl-estimate';
import { writerUsage, writerWaits } from '../../projenrc/tools/tables/etl-pages';
import { sampleDocument } from '../../projenrc/tools/tables/etl-sample';
import { ItemProcessor } from '../../src';
import { SimulationOptions } from '../../test/support/etl-simulation';
import { handlerOf, knownHandler, processors } from '../../test/support/etl-stack';
import { Replay } from '../../test/support/simulation/replay';

/** Bytes of every document, as MongoDB stores it. */
export const DOCUMENT_BYTES = 1_000;

/** A way to process documents, and how it is simulated. */
export interface Subject extends RunKind {
  readonly name: string;
  readonly shape: RunShape;
}

export function subjectOf(kind: RunKind): Subject {
  return { ...kind, name: `${kind.transport} ${kind.processor}${kind.withoutExpress ? ' without Express' : ''}`, shape: runShape(kind, sampleDocument(DOCUMENT_BYTES)) };
}

export const KINDS: readonly RunKind[] = (['inline', 's3'] as const).flatMap((transport) => (
  (['perItem', 'perBatch', 'stateMachine'] as const).map((processor) => ({ transport, processor }))));

export function simulationOf(subject: Subject, items: number, assumed: RunAssumptions, replay?: Replay): SimulationOptions {
  const { transport, processor, shape: { pageDocuments, lineBytes } } = subject;
  const inS3 = transport === 's3';
  return {
    items,
    replay,
    pageItems: pageDocuments,
    lineBytes,
    transport: TRANSPORTS[transport],
    processor: (stack) => processorOf(stack, subject, inS3 ? assumed.concurrency : undefined),
    readMilliseconds: (documents) => readingMilliseconds(assumed, documents, inS3 ? writerWaits(documents * lineBytes) : 0),
    readUsage: (documents) => (inS3 ? writerUsage(documents * lineBytes) : {}),
    processMilliseconds: () => (processor === 'perItem' ? assumed.itemMilliseconds : assumed.batchMilliseconds),
    mapRunMilliseconds: assumed.mapRunMilliseconds,
    childStarts: { express: assumed.expressStarts, standard: assumed.standardStarts },
  };
}

/** @param maxConcurrency undefined: pages are inline, and have the default */
function processorOf(stack: Stack, { processor, withoutExpress = false }: Subject, maxConcurrency: number | undefined): ItemProcessor {
  const handler = withoutExpress ? handlerOf(stack) : knownHandler(stack);
  switch (processor) {
    case 'perItem':
      return ItemProcessor.perItem({ handler, maxConcurrency });
    case 'perBatch':
      return ItemProcessor.perBatch({ handler, maxConcurrency });
    default:
      return processors.stateMachine(stack);
  }
}
