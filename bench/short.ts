// A number as people read it.

/** With commas, and a decimal where it is small and has one. */
export function short(value: number): string {
  const digits = Math.abs(value) < 100 && !Number.isInteger(value) ? 1 : 0;
  return value.toFixed(digits).replace(/\B(?=(\d{3})+$)/g, ',');
}
