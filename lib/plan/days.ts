// Calendar days in UTC as texts, `2026-11-22`, whose order is that of time.

const DAY_MILLISECONDS = 86_400_000;
const DAY_CHARACTERS = 10;
/** So many days without a row end a reading that has no end of its own: longer than reads are kept by default. */
const GAP_DAYS = 32;

/** Before this day Tablegate did not exist, and no table has rows of it. */
export const EARLIEST_DAY = '2025-01-01';

/** @param now milliseconds since 1970 */
export function dayOf(now: number): string {
  return dayPart(new Date(now).toISOString());
}

/** The part of a time that tells its day; of a shorter text all of it. */
export function dayPart(time: string): string {
  return time.slice(0, DAY_CHARACTERS);
}

export function dayBefore(day: string, count = 1): string {
  return dayOf(Date.parse(day) - count * DAY_MILLISECONDS);
}

/** The last day that is not after a text, which need be no day, nor after `latest`. */
export function lastDayUntil(text: string, latest: string): string {
  let day = latest;
  while (day > text && day >= EARLIEST_DAY) day = dayBefore(day);
  return day;
}

/** The day at which a reading ends where it finds no row before: so long behind the last day that had one. */
export function gapBehind(day: string): string {
  return laterDay(dayBefore(day, GAP_DAYS), EARLIEST_DAY);
}

export function laterDay(one: string, other: string): string {
  const [, later] = [one, other].sort() as [string, string];
  return later;
}
