// What `npm run bench` is told of imports: a figure for each handler, and that each can be imported with what a Lambda has.

import { expect, test } from 'vitest';
import api from '#api';
import { measureImports } from '../../bench/import-time.ts';

test("every handler's import is measured beside that of the SDK's client alone", async () => {
  const times = await measureImports({ runs: 1 });
  const operations = new Set(api.endpoints.map(({ operation }) => operation));
  expect(times.map(({ name }) => name)).toEqual([...operations].sort());
  for (const { medianMs, bareMs, ratio, kb, bareKb } of times) {
    expect(ratio).toBeCloseTo(medianMs / bareMs);
    expect(bareKb).toBeGreaterThan(300);
    expect(kb).toBeGreaterThan(200);
  }
});
