// Where a reading of audit rows goes on. Rows come newest first, of one time the later id first, so that one key tells it for
// every partition and every day.

import { compareTexts } from '../condition/value-key.ts';
import type { AuditKey, AuditPlace, AuditPlan } from './audit-plan.ts';
import { dayPart, gapBehind } from './days.ts';
import { isEmpty, narrower } from './text-window.ts';

type DaysPlan = Extract<AuditPlan, { kind: 'days' }>;

/** Behind every time of a day. */
const LAST_CHARACTER = '~';

/** Negative where the row of a key comes before that of another. */
export function compareKeys(left: AuditKey, right: AuditKey): number {
  return compareTexts(right.time, left.time) || compareTexts(right.id, left.id);
}

/** Whether a row is still to come in a plan. */
export function isLeft({ from }: AuditPlan, key: AuditKey): boolean {
  if (!from) return true;
  const order = compareKeys(key, from);
  return order > 0 || (order === 0 && from.isIncluded === true);
}

/** Behind a key, or at it; the end that a first page has taken on holds for the pages behind it. */
export function placeAt(plan: AuditPlan, { time, id }: AuditKey, isIncluded = false): AuditPlace {
  return { time, id, ...(isIncluded && { isIncluded }), ...(plan.end === 'assumed' && { oldest: plan.oldest }) };
}

/** Before every row of a day. */
export function placeBefore(day: string, oldest: string): AuditPlace {
  return { time: day + LAST_CHARACTER, id: '', oldest };
}

/** What is left of a plan at a place. @param from undefined: all */
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

/** What a cursor must find again: the same partitions, or days that end alike. The days themselves move with the time. */
export function auditFingerprint(plan: AuditPlan): string {
  if (plan.kind === 'partitions') return JSON.stringify([plan.kind, plan.index, plan.keys]);
  return JSON.stringify([plan.kind, plan.end]);
}
