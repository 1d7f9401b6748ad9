// Chooses the cheapest candidate, and says why each of the others is rejected.

import type { Candidate, Rejected } from './candidates.ts';
import { least } from './cost.ts';
import type { Order } from './order.ts';

/** The best candidate, and a function that returns the others with reasons: only explanations call it. */
export type Choice = { readonly best: Candidate; readonly rejected: () => readonly Rejected[] };

/**
 * Returns the cheapest candidate. If rows are to be sorted, one that reads them in order goes before all others, as only it can
 * be resumed from page to page. A batch of few keys is sorted in memory, as it always fits in one page.
 */
export function cheapest(
  candidates: readonly Candidate[],
  { order, limit }: { readonly order?: Order | undefined; readonly limit: number },
): Choice {
  const isServed = (candidate: Candidate) => !order || candidate.isOrdered === true || isShort(candidate, limit);
  const served = candidates.filter(isServed);
  const able = served.length > 0 ? served : candidates;
  const best = least(able);
  if (!best) throw new TypeError('there is always a scan of the table');
  const others = () => candidates.filter((candidate) => candidate !== best);
  return { best, rejected: () => others().map((other) => rejection(other, best, able.includes(other))) };
}

function rejection({ kind, index, cost }: Candidate, best: Candidate, isAble: boolean): Rejected {
  const reason = isAble
    ? `it costs ${cost} read units, the ${best.kind} ${best.cost}`
    : 'it does not give the order that is asked for';
  return { kind, index, cost, reason };
}

function isShort({ kind, steps }: Candidate, limit: number): boolean {
  return kind === 'batch' && steps.reduce((sum, { rows }) => sum + rows, 0) <= limit;
}
