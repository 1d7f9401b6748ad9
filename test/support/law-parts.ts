// Whether one answer shows no more than another: part by part, whatever its order.

type Plain = Readonly<Record<string, unknown>>;

/** What differs from one call to the next; and what became of a caller's own calls, which is another thing for another caller. */
const PASSING = ['time', 'id', 'request_id', 'expire_time', 'outcome'];

function isMap(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether all that the value shows is in the other: members of maps, elements of lists in their places. */
export function isPart(value: unknown, of: unknown): boolean {
  if (Array.isArray(value)) {
    return Array.isArray(of) && value.length === of.length && value.every((each, at) => isPart(each, of[at]));
  }
  if (!isMap(value)) return value === of;
  return (
    isMap(of) && Object.entries(value).every(([name, inner]) => Object.hasOwn(of, name) && isPart(inner, of[name]))
  );
}

/** Whether every row of a list is a part of a row of the other. */
export function areParts(rows: readonly unknown[], of: readonly unknown[]): boolean {
  return rows.every((row) => of.some((other) => isPart(row, other)));
}

/**
 * An audit row, or a version, with both images whole and without what passes. An audit row shows of the old image only what
 * changed, where its reader sees the new one too.
 */
export function wholeRow(row: Plain): Plain {
  const { after, before, added = [], ...rest } = row;
  const kept = Object.fromEntries(Object.entries(rest).filter(([name]) => !PASSING.includes(name)));
  const old = isMap(before) ? { ...(isMap(after) ? after : {}), ...before } : undefined;
  const isNew = (name: string) => (added as readonly string[]).includes(name);
  const whole = old && Object.fromEntries(Object.entries(old).filter(([name]) => !isNew(name)));
  return { ...kept, ...(after !== undefined && { after }), ...(whole && { before: whole }) };
}
