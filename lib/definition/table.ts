// Defines a data table of an API: its keys, its indexes and its declared attributes.

import { DefinitionError, Origin } from './definition-error.ts';
import { type DeclaredRule, declareRule, type Rule } from './rule.ts';

export type KeyType = 'string' | 'number';
export type AttributeType = KeyType | 'boolean';

/** A key attribute: its name and type. */
export type Key = { readonly name: string; readonly type: KeyType };

export type Attribute = {
  readonly type: AttributeType;
  /** True if audit rows and logs show `"***"` for it. */
  readonly sensitive: boolean;
  /** True if nobody may see, write or query it; policies may use it. */
  readonly hidden: boolean;
  /** True if every item has it, items of other writers too: plans assume that an index on it holds every row. */
  readonly required: boolean;
};

export type Index = {
  readonly name: string;
  readonly partitionKey: Key;
  readonly sortKey?: Key;
  /** True for a local index, which has the table's partition key and is made with the table; false for a global one. */
  readonly isLocal: boolean;
  /** The top-level attributes that it holds apart from its keys and the table's; `all` for every one. */
  readonly projection: 'all' | ReadonlySet<string>;
  /** The approximate number of values of its partition key; `undefined` if the definition does not say. */
  readonly distinct: number | undefined;
};

/** The approximate size of a table, with which plans estimate their cost. It only decides which plan is cheapest. */
export type TableSize = { readonly items: number; readonly itemBytes: number };

/** A schema of the Standard Schema interface, such as zod's. */
export type Schema = {
  readonly '~standard': {
    readonly validate: (value: unknown) => SchemaResult | Promise<SchemaResult>;
  };
};

type SchemaResult =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: ReadonlyArray<SchemaIssue> };
type SchemaIssue = {
  readonly message: string;
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined;
};

export type Table = {
  readonly name: string;
  readonly partitionKey: Key;
  readonly sortKey?: Key;
  readonly indexes: readonly Index[];
  /** Declared attributes, keys included. Any other attribute may have any type and is shown. */
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly schema: { readonly create?: Schema; readonly update?: Schema };
  /** Rules by top-level attribute. */
  readonly rules: ReadonlyMap<string, DeclaredRule>;
  /** The attribute with the time at which an item expires, in epoch seconds. */
  readonly ttl?: string;
  /** The attribute that counts an item's writes: hidden, immutable, raised by each write of the API. */
  readonly version?: string;
  readonly size: TableSize;
};

type KeyOption = string | { readonly [name: string]: KeyType };
type AttributeOption =
  | AttributeType
  | {
      readonly type: AttributeType;
      readonly sensitive?: boolean;
      readonly hidden?: boolean;
      readonly required?: boolean;
    };

export type IndexOptions = {
  readonly partitionKey: KeyOption;
  readonly sortKey?: KeyOption;
  /** The attributes that it holds apart from keys: those named, none (`keys`), or all. @default 'all' */
  readonly projection?: 'all' | 'keys' | readonly string[];
  /** True for a local index, which has the table's partition key and is made with the table. @default false */
  readonly local?: boolean;
  /** The approximate number of values of the partition key. @default the square root of the table's items */
  readonly distinct?: number;
};

export type TableOptions = {
  /** `{ id: 'string' }`, or the name of a declared attribute. */
  readonly partitionKey: KeyOption;
  readonly sortKey?: KeyOption;
  readonly indexes?: { readonly [name: string]: IndexOptions };
  readonly attributes?: { readonly [name: string]: AttributeOption };
  readonly schema?: { readonly create?: Schema; readonly update?: Schema };
  readonly rules?: { readonly [attribute: string]: Rule };
  readonly ttl?: string;
  readonly version?: string;
  /** The approximate number of items, and of bytes of each. @default 100,000 of 500 */
  readonly size?: { readonly items?: number; readonly itemBytes?: number };
};

type Fail = (message: string) => never;

const TABLE_NAME = /^[a-zA-Z0-9_.-]{3,255}$/;
const KEYS = ['partitionKey', 'sortKey', 'indexes', 'attributes', 'schema', 'rules', 'ttl', 'version', 'size'];
const INDEX_KEYS = ['partitionKey', 'sortKey', 'projection', 'local', 'distinct'];
const SIZE: TableSize = { items: 100_000, itemBytes: 500 };

/**
 * Defines a data table.
 * @throws DefinitionError for a name DynamoDB refuses, an index on an undeclared attribute, one attribute with two types.
 */
export function table(name: string, options: TableOptions): Table {
  const origin = new Origin();
  const fail: Fail = (message) => {
    throw new DefinitionError(origin, `table '${name}': ${message}`);
  };
  if (!TABLE_NAME.test(name)) fail('a name has 3 to 255 letters, digits, "_", "-" and "."');
  const unknown = Object.keys(options).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) fail(`there is no option '${unknown}'; the options are ${KEYS.join(', ')}`);
  const attributes = new Map<string, Attribute>();
  for (const [attribute, option] of Object.entries(options.attributes ?? {}))
    attributes.set(attribute, declare(option));
  const key = (option: KeyOption) => declareKey(option, attributes, fail);
  const partitionKey = key(options.partitionKey);
  const sortKey = options.sortKey === undefined ? {} : { sortKey: key(options.sortKey) };
  const indexes = Object.entries(options.indexes ?? {}).map(([indexName, index]) =>
    declareIndex(indexName, index, { key, partitionKey, fail }),
  );
  const keys = [partitionKey.name, sortKey.sortKey?.name];
  declareSpecial(options, attributes, keys, fail);
  const hiddenKey = keys.find((keyName) => keyName !== undefined && attributes.get(keyName)?.hidden);
  if (hiddenKey !== undefined) fail(`the key '${hiddenKey}' cannot be hidden: it stands in every path`);
  const special = { ...(options.ttl && { ttl: options.ttl }), ...(options.version && { version: options.version }) };
  return Object.freeze({
    name,
    partitionKey,
    ...sortKey,
    indexes,
    attributes,
    schema: options.schema ?? {},
    rules: declareRules(options.rules, fail),
    size: declareSize(options.size, fail),
    ...special,
  });
}

type Declaring = { readonly key: (option: KeyOption) => Key; readonly partitionKey: Key; readonly fail: Fail };

function declareIndex(name: string, options: IndexOptions, { key, partitionKey, fail }: Declaring): Index {
  if (!TABLE_NAME.test(name)) fail(`the index name '${name}' must have 3 to 255 letters, digits, "_", "-", "."`);
  const unknown = Object.keys(options).find((option) => !INDEX_KEYS.includes(option));
  if (unknown !== undefined)
    fail(`the index '${name}' has no option '${unknown}'; the options are ${INDEX_KEYS.join(', ')}`);
  const { projection = 'all', local = false, distinct } = options;
  const partition = key(options.partitionKey);
  if (local && (partition.name !== partitionKey.name || options.sortKey === undefined))
    fail(`the local index '${name}' needs the table's partition key '${partitionKey.name}', and a sort key`);
  if (distinct !== undefined && !isCount(distinct)) fail(`the index '${name}': distinct is a whole number from 1`);
  return Object.freeze({
    name,
    partitionKey: partition,
    ...(options.sortKey === undefined ? {} : { sortKey: key(options.sortKey) }),
    isLocal: local,
    projection: projection === 'all' ? 'all' : new Set(projection === 'keys' ? [] : projection),
    distinct,
  });
}

function declareRules(rules: TableOptions['rules'], fail: Fail): ReadonlyMap<string, DeclaredRule> {
  const declared = Object.entries(rules ?? {}).map(([attribute, rule]) => {
    const of = declareRule(rule);
    return [attribute, typeof of === 'string' ? fail(`the rule of '${attribute}' ${of}`) : of] as const;
  });
  return new Map(declared);
}

function declareSize(options: TableOptions['size'], fail: Fail): TableSize {
  const size = { ...SIZE, ...options };
  if (!isCount(size.items) || !isCount(size.itemBytes)) fail('size has whole numbers from 1: items, itemBytes');
  return Object.freeze({ items: size.items, itemBytes: size.itemBytes });
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

function declare(option: AttributeOption): Attribute {
  const given = typeof option === 'string' ? { type: option } : option;
  const { type, sensitive = false, hidden = false, required = false } = given;
  return Object.freeze({ type, sensitive, hidden, required });
}

/** Returns the key that an option names. An inline type declares the attribute; a bare name must be declared. */
function declareKey(option: KeyOption, attributes: Map<string, Attribute>, fail: Fail): Key {
  const entries =
    typeof option === 'string' ? [[option, attributes.get(option)?.type] as const] : Object.entries(option);
  const [name, type] = entries[0] ?? fail('a key names one attribute');
  if (entries.length !== 1) fail(`a key names one attribute, not ${entries.length}`);
  if (type === undefined)
    fail(`the key '${name}' is not declared; add it to attributes, or write { ${name}: 'string' }`);
  if (type !== 'string' && type !== 'number') fail(`the key '${name}' is a ${type}; a key is a string or a number`);
  const declared = attributes.get(name);
  if (declared && declared.type !== type)
    fail(`the attribute '${name}' is declared as ${declared.type} and as ${type}`);
  if (!declared) attributes.set(name, declare(type as KeyType));
  return Object.freeze({ name, type: type as KeyType });
}

function declareSpecial(
  { ttl, version }: TableOptions,
  attributes: Map<string, Attribute>,
  keys: readonly (string | undefined)[],
  fail: Fail,
): void {
  for (const name of [ttl, version]) {
    if (name === undefined) continue;
    if (keys.includes(name)) fail(`the key '${name}' cannot be the ttl or version attribute`);
    const declared = attributes.get(name);
    if (declared && declared.type !== 'number')
      fail(`the attribute '${name}' must be a number, not a ${declared.type}`);
  }
  if (ttl !== undefined && ttl === version) fail(`'${ttl}' cannot be both the ttl and the version`);
  if (ttl !== undefined && !attributes.has(ttl)) attributes.set(ttl, declare('number'));
  if (version !== undefined) attributes.set(version, declare({ type: 'number', hidden: true }));
}

/** Returns the names of a table's key attributes, one or two. */
export function keyNames(of: Table): readonly string[] {
  return of.sortKey ? [of.partitionKey.name, of.sortKey.name] : [of.partitionKey.name];
}
