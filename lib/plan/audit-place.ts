// Resumes a read of audit rows at a place. Rows come newest first, of equal times the later id first, so that one key says for
// every partition and every day which rows are left.

import { compareTexts } from '../condition/value-key.ts';
import type { AuditKey, AuditPlace, AuditPlan } from './audit-plan.ts';
import { dayPart, gapBehind } from './days.ts';
import { isEmpty, narrower } from './text-window.ts';

type DaysPlan = Extract<AuditPlan, { kind: 'days' }>;

/** A character greater than all in a time: a day with it follows every time of that day. */
const LAST_CHARACTER = '~';

/** Compares keys in the order of their rows: negative if the left one comes first. */
export function compareKeys(left: AuditKey, right: AuditKey): number {
  return compareTexts(right.time, left.time) || compareTexts(right.id, left.id);
}

/** True if the row of a key is still to be read by a plan. */
export function isLeft({ from }: AuditPlan, key: AuditKey): boolean {
  if (!from) return true;
  const order = compareKeys(key, from);
  return order > 0 || (order === 0 && from.isIncluded === true);
}

/** Returns the place after a key, or at it. It keeps the oldest day that was assumed for the first page. */
export function placeAt(plan: AuditPlan, { time, id }: AuditKey, isIncluded = false): AuditPlace {
  return { time, id, ...(isIncluded && { isIncluded }), ...(plan.end === 'assumed' && { oldest: plan.oldest }) };
}

/** Returns the place before every row of a day. */
export function placeBefore(day: string, oldest: string): AuditPlace {
  return { time: day + LAST_CHARACTER, id: '', oldest };
}

/** Returns the rest of a plan from a place on; the whole plan if `from` is `undefined`. */
export function resumed(plan: AuditPlan, from: AuditPlace | undefined): AuditPlan {
  if (!from) return plan;
  const window = narrower(plan.window, { to: from.time });
  const rest = { ...plan, window, from, ...(plan.kind === 'days' && daysLeft(plan, from)) };
  return Object.freeze(isEmpty(window) ? { ...rest, kind: 'never' } : rest) as AuditPlan;
}

function daysLeft(plan: DaysPlan, from: AuditPlace): Pick<DaysPlan, 'newest' | 'oldest'> {
  const newest = dayPart(from.time);
  return { newest, oldest: from.oldest ?? (plan.end === 'gap' ? gapBehind(newest) : plan.oldest) };
}

/** Returns a text that must be equal for a cursor to be used: partitions, or the kind of end. Days change as time passes. */
export function auditFingerprint(plan: AuditPlan): string {
  if (plan.kind === 'partitions') return JSON.stringify([plan.kind, plan.index, plan.keys]);
  return JSON.stringify([plan.kind, plan.end]);
}
