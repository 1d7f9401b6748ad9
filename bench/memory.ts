// How far a process's memory rises over idle while something runs. What it tells is of the whole process: it is measured
// where nothing else has run.

/** Megabytes, of 2^20 bytes. */
export type Rise = {
  /** Of resident memory, garbage and all. */
  readonly rss: number;
  /** Of the heap and of buffers beside it, garbage that is not collected yet included. */
  readonly heap: number;
};

const MB = 2 ** 20;
const SAMPLE_MS = 2;

export async function memoryRise(run: () => Promise<void>): Promise<Rise> {
  // Twice, as the first collection lets go of what finalizers hold. Undefined without --expose-gc.
  globalThis.gc?.();
  globalThis.gc?.();
  const idle = now();
  // The system's own high-water mark misses nothing, but it says something only once it has risen past what came before.
  const mark = highWaterMark();
  const peak = { ...idle };
  const sample = () => {
    const { rss, heap } = now();
    peak.rss = Math.max(peak.rss, rss);
    peak.heap = Math.max(peak.heap, heap);
  };
  const timer = setInterval(sample, SAMPLE_MS);
  try {
    await run();
    sample();
  } finally {
    clearInterval(timer);
  }
  const rss = highWaterMark() > mark ? Math.max(peak.rss, highWaterMark()) : peak.rss;
  return { rss: (rss - idle.rss) / MB, heap: (peak.heap - idle.heap) / MB };
}

function now(): { rss: number; heap: number } {
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed + external };
}

function highWaterMark(): number {
  return process.resourceUsage().maxRSS * 1_024;
}
