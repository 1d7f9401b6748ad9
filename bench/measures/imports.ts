// Cold starts and bundles: the slowest and the largest handler. It builds bundles and starts processes of its own.

import type { Figure, Measured } from '../figures.ts';
import { type ImportTime, measureImports } from '../import-time.ts';

const MOST_TURNS = 20;
const RATIO = 1.3;
const KILOBYTES = 450;

export async function measureColdStarts(runs: number): Promise<Measured> {
  const times = await measureImports({ runs: Math.min(MOST_TURNS, runs) });
  const [slowest] = times.toSorted((left, right) => right.ratio - left.ratio);
  const [largest] = times.toSorted((left, right) => right.kb - left.kb);
  if (!slowest || !largest) throw new Error('there are no handlers to import');
  const of = (pick: (time: ImportTime) => number) => Object.fromEntries(times.map((time) => [time.name, pick(time)]));
  const imported: Figure = {
    row: 'imports',
    what: `cold import, ${slowest.name} (the slowest of ${times.length})`,
    against: 'a client of the SDK alone',
    value: slowest.ratio,
    unit: '×',
    target: { at: 'most', value: RATIO },
    details: { milliseconds: slowest.medianMs, referenceMilliseconds: slowest.bareMs, ...of(({ ratio }) => ratio) },
  };
  const bundled: Figure = {
    row: 'imports',
    what: `bundle, ${largest.name} (the largest of ${times.length})`,
    against: '–',
    value: largest.kb,
    unit: 'KB',
    target: { at: 'most', value: KILOBYTES },
    details: { reference: largest.bareKb, ...of(({ kb }) => kb) },
  };
  return { figures: [imported, bundled] };
}
