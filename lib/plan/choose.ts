// The cheapest of the candidates, and why each of the others is not taken.

import type { Candidate, Rejected } from './candidates.ts';
import { least } from './cost.ts';
import type { Order } from './order.ts';

/** `rejected` makes the reasons, which only explanations read. */
export type Choice = { readonly best: Candidate; readonly rejected: () => readonly Rejected[] };

/**
 * Where an order is asked for, a candidate that gives it is taken before all that do not: only it can go on from page to
 * page. A few keys may be sorted in memory, as they always fit in one page.
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
