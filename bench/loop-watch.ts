/** Loaded into an engine before its own program: tells the process that started it what held the event loop. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  process.on('message', () => {
    process.send?.({ longestMs: delay.max / 1e6 });
    delay.reset();
  });
}
