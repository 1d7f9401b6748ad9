// The `limits` option of an API, which bounds the cost of one request.

export type Limits = {
  /** Read units that DynamoDB may charge for one request, the caller's records included. */
  readonly readUnits: number;
};

/**
 * The default. With eventually consistent reads 10,000 units are 80 MB, such as a table of 80,000 items of 1 KB. One partition
 * delivers about as much in 4 of the 20 seconds that a request may read.
 * Source: 3,000 units a second of one partition, in the DynamoDB developer guide.
 */
const DEFAULT: Limits = { readUnits: 10_000 };
/** The largest value allowed. A request times out before it reads more: 5,000 units a second, for 20 seconds. */
const MAX_READ_UNITS = 100_000;

/** Returns the fault of the option; `undefined` if there is none. */
export function limitsFault(options: unknown): string | undefined {
  if (options === undefined) return undefined;
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    return `limits is ${shown(options)}; it must be an object: { readUnits: ${DEFAULT.readUnits} }`;
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(DEFAULT, name));
  if (unknown !== undefined) return `limits has no option '${unknown}'; it has readUnits`;
  const { readUnits } = options as Partial<Limits>;
  if (readUnits === undefined || isWithin(readUnits)) return undefined;
  return `limits.readUnits is ${shown(readUnits)}; it must be a whole number from 1 to ${MAX_READ_UNITS}`;
}

export function limitsOf({ readUnits = DEFAULT.readUnits }: Partial<Limits> = {}): Limits {
  return { readUnits };
}

function isWithin(units: unknown): boolean {
  return Number.isInteger(units) && (units as number) >= 1 && (units as number) <= MAX_READ_UNITS;
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? typeof value);
}
