// Calendar days in UTC as texts, `2026-11-22`, whose order is that of time.

const DAY_MILLISECONDS = 86_400_000;
const DAY_CHARACTERS = 10;

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

export function dayBefore(day: string): string {
  return dayOf(Date.parse(day) - DAY_MILLISECONDS);
}

/** The last day that is not after a text, which need be no day, nor after `latest`. */
export function lastDayUntil(text: string, latest: string): string {
  let day = latest;
  while (day > text && day >= EARLIEST_DAY) day = dayBefore(day);
  return day;
}
