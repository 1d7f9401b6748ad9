// Calendar days in UTC as texts, `2026-11-22`, which sort by time.

const DAY_MILLISECONDS = 86_400_000;
const DAY_CHARACTERS = 10;
/** The days without a row that end a read whose query gives no oldest day: more than audit rows of reads are kept by default. */
const GAP_DAYS = 32;

/** A day before the first release of Tablegate: no table has older rows. */
export const EARLIEST_DAY = '2025-01-01';

/** Returns the day of a time. @param now milliseconds since 1970 */
export function dayOf(now: number): string {
  return dayPart(new Date(now).toISOString());
}

/** Returns the day in the text of a time; a shorter text whole. `2026-11-22T10:00:00Z` → `2026-11-22`. */
export function dayPart(time: string): string {
  return time.slice(0, DAY_CHARACTERS);
}

export function dayBefore(day: string, count = 1): string {
  return dayOf(Date.parse(day) - count * DAY_MILLISECONDS);
}

/** Returns the last day that is neither after a text, which may be no day, nor after `latest`. */
export function lastDayUntil(text: string, latest: string): string {
  let day = latest;
  while (day > text && day >= EARLIEST_DAY) day = dayBefore(day);
  return day;
}

/** Returns the day at which a read ends if it finds no further row: a gap's length before the last day that had one. */
export function gapBehind(day: string): string {
  return laterDay(dayBefore(day, GAP_DAYS), EARLIEST_DAY);
}

export function laterDay(one: string, other: string): string {
  const [, later] = [one, other].sort() as [string, string];
  return later;
}
