// What a caller may see and do, as plainly as access can be told: the judge of lib/access, with which it shares no line.
// Source: docs of access: grants and their merge, rows, fields, and policies that have three values.

import type { Item, Value } from '../../lib/base/value.ts';
import { codeOf, compare, find, isEqual, meets } from './reference.ts';

type Plain = Readonly<Record<string, unknown>>;

/** A caller by its records: the own one, those of its token's groups, and the groups that either name. */
export type Caller = {
  readonly id: string;
  readonly username: string;
  readonly own: Plain | undefined;
  readonly oidc: readonly Plain[];
  readonly groups: readonly Plain[];
  /** The claims of its token that policies may use, `name` and `email` (which is verified). */
  readonly token?: Plain;
};

export type Action = 'read' | 'create' | 'update' | 'delete';

/** One record and its groups. */
type Grant = readonly Plain[];

/** What the definition says of a table. */
export type TableFacts = { readonly name: string; readonly hidden: readonly string[] };

type Truth = boolean | undefined;

function listOf<T>(of: Plain, name: string): readonly T[] {
  return (of[name] ?? []) as readonly T[];
}

function grantOf(record: Plain, { groups }: Caller): Grant {
  return [record, ...groups.filter((group) => listOf<string>(record, 'groups').includes(String(group['group_id'])))];
}

function grantsOf(caller: Caller): readonly Grant[] {
  return [...(caller.own ? [caller.own] : []), ...caller.oidc].map((record) => grantOf(record, caller));
}

/** The own grant alone if it permits the method, else the token's grants that do. Paths are all permitted in the laws. */
function permitting(caller: Caller, method: string): readonly Grant[] {
  const permits = (grant: Grant) => grant.some((part) => listOf<Plain>(part, 'permitted_endpoints').some(hasMethod));
  const hasMethod = ({ method: allowed }: Plain) => allowed === '*' || String(allowed).split('|').includes(method);
  const isDisabled = ([record]: Grant) => record?.['disabled'] === true;
  const [own, ...others] = caller.own ? grantsOf(caller) : [undefined, ...grantsOf(caller)];
  if (own && permits(own)) return [own];
  return others.filter((grant) => grant !== undefined && !isDisabled(grant) && permits(grant)) as readonly Grant[];
}

export function mayCall(caller: Caller, method: string): boolean {
  return permitting(caller, method).length > 0;
}

/** Whether the caller's filters let an action touch the row. */
export function mayTouch(caller: Caller, method: string, { name }: TableFacts, action: Action, row: Item): boolean {
  const accepts = (grant: Grant) => acceptsRow(grant, caller, name, action, row);
  const own = caller.own ? accepts(grantOf(caller.own, caller)) : true;
  return own && permitting(caller, method).some(accepts);
}

function acceptsRow(grant: Grant, caller: Caller, table: string, action: Action, row: Item): boolean {
  const filters = grant.flatMap((part) => [
    ...listOf<Plain>(part, 'filter_fields'),
    ...listOf<Plain>(part, `${action}_filters`),
  ]);
  return filters.every((filter) => {
    const truth = truthOf(filter, row, caller, table);
    return truth === 'elsewhere' || truth === true;
  });
}

/** Whether one permitting grant takes the row before and after, and lists every path that is changed. */
export function mayUpdate(
  caller: Caller,
  method: string,
  { name }: TableFacts,
  rows: { readonly before: Item; readonly after: Item },
  paths: readonly (readonly string[])[],
): boolean {
  const lists = (grant: Grant) => {
    const all = grant.flatMap((part) => (part['update_fields_permitted'] as string[] | undefined) ?? []);
    const isLimited = grant.some((part) => part['update_fields_permitted'] !== undefined);
    return !isLimited || paths.every((path) => all.some((listed) => isBelow(path, listed.split('.'))));
  };
  const takes = (grant: Grant) =>
    lists(grant) && [rows.before, rows.after].every((row) => acceptsRow(grant, caller, name, 'update', row));
  return (!caller.own || takes(grantOf(caller.own, caller))) && permitting(caller, method).some(takes);
}

function isBelow(path: readonly string[], other: readonly string[]): boolean {
  return other.length <= path.length && other.every((name, at) => path[at] === name);
}

/** Whether a path is in the list, below a member or above one. */
export function touches(path: readonly string[], list: readonly (readonly string[])[]): boolean {
  return list.some((listed) => isBelow(path, listed) || isBelow(listed, path));
}

export function hiddenFrom(caller: Caller, { hidden }: TableFacts): readonly (readonly string[])[] {
  const excluded = grantsOf(caller).flatMap((grant) => grant.flatMap((part) => listOf<string>(part, 'exclude_fields')));
  return [...hidden.map((name) => [name]), ...excluded.map((path) => path.split('.'))];
}

export function restrictedFor(caller: Caller): readonly (readonly string[])[] {
  const grants = grantsOf(caller);
  return grants.flatMap((grant) =>
    grant.flatMap((part) => listOf<string>(part, 'update_fields_restricted').map((path) => path.split('.'))),
  );
}

/** The row without what is hidden: in every element of a list too. */
export function shown(row: Item, hidden: readonly (readonly string[])[]): Item {
  const { M } = without({ M: row }, hidden) as { readonly M: Item };
  return M;
}

function without(value: Value, hidden: readonly (readonly string[])[]): Value {
  if ('L' in value) return { L: value.L.map((element) => without(element, hidden)) };
  if (!('M' in value)) return value;
  const kept: Record<string, Value> = Object.create(null);
  for (const [name, inner] of Object.entries(value.M)) {
    const below = hidden.filter(([first]) => first === name).map(([, ...rest]) => rest);
    if (!below.some((rest) => rest.length === 0)) kept[name] = without(inner, below);
  }
  return { M: kept };
}

/** What a filter says of a row, as in SQL; `elsewhere` where all of it is about other tables. */
function truthOf(filter: Plain, row: Item, caller: Caller, table: string): Truth | 'elsewhere' {
  if (filter['not'] !== undefined) {
    const inner = truthOf(filter['not'] as Plain, row, caller, table);
    return inner === 'elsewhere' ? inner : negate(inner);
  }
  for (const [kind, join] of [
    ['any', or],
    ['all', and],
  ] as const) {
    const parts = filter[kind] as readonly Plain[] | undefined;
    if (!parts) continue;
    const truths = parts.map((part) => truthOf(part, row, caller, table));
    const here = truths.filter((truth) => truth !== 'elsewhere');
    return here.length === 0 && parts.length > 0 ? 'elsewhere' : join(here);
  }
  if (filter['table'] !== undefined && filter['table'] !== table) return 'elsewhere';
  const stored = find(row, pathOf(String(filter['field'])));
  return agreed(readValues(filter['value'], caller).map((wanted) => predicate(filter, stored, wanted)));
}

const negate = (truth: Truth): Truth => (truth === undefined ? undefined : !truth);
const or = (truths: readonly Truth[]): Truth =>
  truths.includes(true) ? true : truths.includes(undefined) ? undefined : false;
const and = (truths: readonly Truth[]): Truth => negate(or(truths.map(negate)));

function pathOf(text: string): [string, ...(string | number)[]] {
  const steps = [...text.matchAll(/([^.[\]]+)|\[(\d+)\]/g)];
  return steps.map(([, name, at]) => name ?? Number(at)) as [string, ...(string | number)[]];
}

/** What a value may be: the groups of a disabled record open nothing and restrict, so that both lists must say the same. */
function readValues(plain: unknown, caller: Caller): readonly (Value | undefined)[] {
  const name = typeof plain === 'object' && plain !== null ? (plain as Plain)['$var'] : undefined;
  if (name !== 'user.groups') return [readValue(name === undefined ? plain : variable(String(name), caller))];
  const { own, oidc } = caller;
  const open = oidc.filter((record) => record['disabled'] !== true);
  return [open, oidc].map((records) => readValue(idsOf([...(own ? [own] : []), ...records])));
}

/** Empty text is no value. */
function variable(name: string, { id, username, own, token = {} }: Caller): unknown {
  const claims = Object.entries(token).map(([claim, value]) => [`claims.${claim}`, value]);
  const { name: called, email } = { ...token, ...own };
  const all = { 'user.id': id, 'user.username': username, 'user.name': called, 'user.email': email };
  const value: unknown = { ...all, ...Object.fromEntries(claims) }[name];
  return value === '' ? undefined : value;
}

/** The ids of records and of their groups. */
function idsOf(records: readonly Plain[]): readonly string[] {
  return records.flatMap((record) => [String(record['id']), ...listOf<string>(record, 'groups')]);
}

function agreed(truths: readonly Truth[]): Truth {
  return truths.every((truth) => truth === truths[0]) ? truths[0] : undefined;
}

function readValue(plain: unknown): Value | undefined {
  if (plain === undefined) return undefined;
  if (plain === null) return { NULL: true };
  if (Array.isArray(plain)) return { L: plain.map((each) => readValue(each) as Value) };
  if (typeof plain === 'object') {
    return { M: Object.fromEntries(Object.entries(plain).map(([name, each]) => [name, readValue(each) as Value])) };
  }
  if (typeof plain === 'boolean') return { BOOL: plain };
  return typeof plain === 'string' ? { S: plain } : { N: String(plain) };
}

const SCALARS = ['S', 'N', 'BOOL', 'NULL', 'B'];
const CODES = [...SCALARS, 'L', 'M', 'SS', 'NS', 'BS'];

const isOrdered = (value: Value) => ['S', 'N', 'B'].includes(codeOf(value));
const isText = (value: Value, texts: readonly string[]) => 'S' in value && texts.includes(value.S);

/** Whether an operator can do anything with a value: records are checked, and what variables have is not. */
function fits(operator: string, wanted: Value): boolean {
  if ('L' in wanted) return fitsList(operator, wanted.L);
  if (['in', 'notin', 'between', 'haselements'].includes(operator)) return false;
  if (operator === 'startswith') return 'S' in wanted;
  if (operator === 'type') return isText(wanted, CODES);
  if (operator === 'exists') return 'BOOL' in wanted || isText(wanted, ['true', 'false']);
  return ['gt', 'gte', 'lt', 'lte'].includes(operator) ? isOrdered(wanted) : SCALARS.includes(codeOf(wanted));
}

function fitsList(operator: string, list: readonly Value[]): boolean {
  const [low, high] = list;
  if (operator === 'between') return list.length === 2 && !!low && !!high && (compare(low, high) ?? 1) <= 0;
  const isList = operator === 'haselements' ? list.length > 0 : ['in', 'notin'].includes(operator);
  return isList && list.every((each) => SCALARS.includes(codeOf(each)));
}

/** The values that a filter compares with; a variable's empty text is nobody's. */
function wantedOf({ value }: Plain, wanted: Value): readonly (Value | undefined)[] {
  const isVariable = typeof value === 'object' && value !== null && '$var' in value;
  const each = 'L' in wanted ? wanted.L : [wanted];
  return each.map((one) => (isVariable && isText(one, ['']) ? undefined : one));
}

function predicate(filter: Plain, stored: Value | undefined, wanted: Value | undefined): Truth {
  const operator = String(filter['operator'] ?? (wanted && 'L' in wanted ? 'in' : 'eq'));
  if (wanted === undefined || !fits(operator, wanted)) return undefined;
  const each = wantedOf(filter, wanted);
  const equal = (value: Value | undefined) => equality(stored, value);
  const within = (value: Value | undefined) => contained(stored, value);
  switch (operator) {
    case 'eq':
    case 'in':
      return or(each.map(equal));
    case 'ne':
    case 'notin':
      return negate(or(each.map(equal)));
    case 'haselements':
      return stored && ['S', 'B'].includes(codeOf(stored)) ? undefined : and(each.map(within));
    case 'contains':
      return and(each.map(within));
    case 'notcontains':
      return negate(and(each.map(within)));
    case 'exists':
      return (stored !== undefined) === (('BOOL' in wanted && wanted.BOOL) || isText(wanted, ['true']));
    case 'type':
      return stored !== undefined && isText(wanted, [codeOf(stored)]);
    case 'startswith':
      return stored && 'S' in stored && 'S' in wanted ? stored.S.startsWith(wanted.S) : undefined;
    default:
      return ordered(operator, stored, each);
  }
}

function equality(stored: Value | undefined, wanted: Value | undefined): Truth {
  return stored && wanted && codeOf(stored) === codeOf(wanted) ? isEqual(stored, wanted) : undefined;
}

function ordered(operator: string, stored: Value | undefined, wanted: readonly (Value | undefined)[]): Truth {
  const [low, high] = wanted;
  if (operator === 'between')
    return wanted.includes(undefined)
      ? undefined
      : and([ordered('gte', stored, [low]), ordered('lte', stored, [high])]);
  const order = stored && low && compare(stored, low);
  if (order === undefined) return undefined;
  if (operator === 'gt' || operator === 'lt') return operator === 'gt' ? order > 0 : order < 0;
  return operator === 'gte' ? order >= 0 : order <= 0;
}

/** Unknown where the stored type cannot contain such a value. */
function contained(stored: Value | undefined, wanted: Value | undefined): Truth {
  if (!wanted) return undefined;
  const code = stored && codeOf(stored);
  const can = { S: ['S', 'SS', 'L'], N: ['NS', 'L'], B: ['B', 'BS', 'L'] }[codeOf(wanted) as string] ?? ['L'];
  if (!stored || !code || !can.includes(code)) return undefined;
  const row = { it: stored };
  return meets(row, { kind: 'contains', path: ['it'], value: wanted } as never);
}
