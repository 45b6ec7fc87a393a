const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Calls back when this process ends, by itself or by a signal that can be caught. The answer takes it back. */
export function onExit(act: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    forget();
    act();
    // Without this listener the signal would have ended the process. Whoever else listens decides for himself.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const forget = (): void => {
    process.off('exit', act);
    for (const signal of ENDING_SIGNALS) process.off(signal, onSignal);
  };
  process.once('exit', act);
  for (const signal of ENDING_SIGNALS) process.once(signal, onSignal);
  return forget;
}
