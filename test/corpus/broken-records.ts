// Auth records and groups as people get them wrong, each with the path and the words of what `records check` must say,
// and of how it must say to mend it. One fault each.

type Plain = Readonly<Record<string, unknown>>;

export type BrokenRecord = {
  readonly name: string;
  readonly table: 'auth' | 'groups';
  readonly record: Plain;
  readonly kind: 'refused' | 'differs' | 'doubt';
  readonly path: string;
  readonly problem: RegExp;
  readonly fix: RegExp;
  /** A table cannot hold it. */
  readonly onlyJson?: true;
};

let count = 0;
const key = (more: Plain): Plain => {
  count += 1;
  const id = `key-${count}`;
  return { id, type: 'API_KEY', name: 'Jane', username: 'jane', email: 'jane@example.com', ...more };
};
const group = (more: Plain): Plain => {
  count += 1;
  return { group_id: `group-${count}`, ...more };
};
const filter = (more: Plain): Plain => key({ read_filters: [{ field: 'status', value: 'active', ...more }] });
const without = (record: Plain, name: string): Plain =>
  Object.fromEntries(Object.entries(record).filter(([each]) => each !== name));
const endpoint = (more: Plain): Plain =>
  key({ permitted_endpoints: [{ method: 'GET', endpoint: '^/items$', ...more }] });

/** What every caller of the record is refused for. */
const REFUSED: readonly Omit<BrokenRecord, 'kind'>[] = [
  {
    name: 'no type, and nothing that tells it',
    table: 'auth',
    record: { id: 'jane' },
    path: 'type',
    problem: /^is missing/,
    fix: /USERNAME.*OIDC_GROUP.*--fix/,
  },
  {
    name: 'a type in small letters',
    table: 'auth',
    record: key({ type: 'api_key' }),
    path: 'type',
    problem: /^must be one of/,
    fix: /^write API_KEY/,
  },
  {
    name: 'a key without an address',
    table: 'auth',
    record: without(key({}), 'email'),
    path: 'email',
    problem: /required for an API_KEY/,
    fix: /^add email/,
  },
  {
    name: 'no id',
    table: 'auth',
    record: without(key({}), 'id'),
    path: 'id',
    problem: /^is required/,
    fix: /id of the API key/,
    onlyJson: true,
  },
  {
    name: 'a misspelt attribute',
    table: 'auth',
    record: key({ exclude_field: ['cost'] }),
    path: 'exclude_field',
    problem: /^is not known/,
    fix: /write exclude_fields;.*x_exclude_field/,
  },
  {
    name: 'an operator that does not exist',
    table: 'auth',
    record: filter({ operator: 'equals' }),
    path: 'read_filters[0].operator',
    problem: /"equals" is no operator/,
    fix: /^write eq$|^write \w+$/,
  },
  {
    name: "Scoutr's length operator",
    table: 'auth',
    record: filter({ operator: 'length__gt', value: 4 }),
    path: 'read_filters[0].operator',
    problem: /"length__gt" is no operator/,
    fix: /attribute of its own/,
  },
  {
    name: 'a table that the API does not have',
    table: 'auth',
    record: filter({ table: 'item' }),
    path: 'read_filters[0].table',
    problem: /"item" is no table/,
    fix: /^write items$/,
  },
  {
    name: 'a variable that does not exist',
    table: 'auth',
    record: filter({ value: { $var: 'user.mail' } }),
    path: 'read_filters[0].value',
    problem: /"user\.mail" is no variable/,
    fix: /^write user\.email$/,
  },
  {
    name: 'a filter without a value',
    table: 'auth',
    record: key({ read_filters: [{ field: 'status' }] }),
    path: 'read_filters[0].value',
    problem: /^is missing/,
    fix: /^add read_filters\[0\]\.value$/,
  },
  {
    name: 'a list as text',
    table: 'auth',
    record: filter({ operator: 'in', value: '["a","b"]' }),
    path: 'read_filters[0].value',
    problem: /is no value for in/,
    fix: /the list itself/,
  },
  {
    name: 'bounds the wrong way round',
    table: 'auth',
    record: filter({ operator: 'between', value: [20, 10] }),
    path: 'read_filters[0].value',
    problem: /is no value for between/,
    fix: /the lower first/,
  },
  {
    name: 'one filter where a list is due',
    table: 'auth',
    record: key({ read_filters: { field: 'status', value: 'active' } }),
    path: 'read_filters',
    problem: /^must be a list$/,
    fix: /one element is a list too/,
  },
  {
    name: 'a pattern that looks ahead',
    table: 'auth',
    record: endpoint({ endpoint: '^/items(?!/secret).*$' }),
    path: 'permitted_endpoints[0].endpoint',
    problem: /no regular expression/,
    fix: /without looking ahead/,
  },
  {
    name: 'a pattern that does not compile',
    table: 'auth',
    record: endpoint({ endpoint: '^/items($' }),
    path: 'permitted_endpoints[0].endpoint',
    problem: /no regular expression/,
    fix: /backslash/,
  },
  {
    name: 'a method in small letters',
    table: 'auth',
    record: endpoint({ method: 'get' }),
    path: 'permitted_endpoints[0].method',
    problem: /"get" is no method/,
    fix: /capitals/,
  },
  {
    name: 'a group that is not there',
    table: 'auth',
    record: key({ groups: ['nowhere'] }),
    path: 'groups[0]',
    problem: /no group 'nowhere'/,
    fix: /add the group 'nowhere'/,
  },
  {
    name: 'an expiry as a date',
    table: 'auth',
    record: key({ expires_at: '2027-01-01' }),
    path: 'expires_at',
    problem: /seconds since 1970/,
    fix: /such as 1798761600/,
  },
  {
    name: 'a flag as text',
    table: 'auth',
    record: key({ disabled: 'true' }),
    path: 'disabled',
    problem: /true or false/,
    fix: /boolean/,
  },
  {
    name: 'one field where a list is due',
    table: 'auth',
    record: key({ exclude_fields: 'cost' }),
    path: 'exclude_fields',
    problem: /list of texts/,
    fix: /\["a", "b"\]/,
  },
  {
    name: 'a field with a list index',
    table: 'auth',
    record: key({ exclude_fields: ['parts[0]'] }),
    path: 'exclude_fields[0]',
    problem: /is no path/,
    fix: /every element/,
  },
  {
    name: 'a proxy that is a person',
    table: 'auth',
    record: { id: 'proxy', type: 'USERNAME', oidc_proxy: true },
    path: 'oidc_proxy',
    problem: /API_KEY only/,
    fix: /set type to API_KEY/,
  },
  {
    name: 'a group that is keyed by id',
    table: 'groups',
    record: { id: 'readers' },
    path: 'group_id',
    problem: /^is required/,
    fix: /table with the key group_id/,
    onlyJson: true,
  },
  {
    name: 'a group with a type',
    table: 'groups',
    record: group({ type: 'GROUP' }),
    path: 'type',
    problem: /^is not known/,
    fix: /x_type/,
  },
];

/** What means something else here than it did to Scoutr. */
const DIFFERENT: readonly Omit<BrokenRecord, 'kind'>[] = [
  {
    name: 'two filters on one field',
    table: 'auth',
    record: key({
      read_filters: [
        { field: 'product', value: 'a' },
        { field: 'product', value: 'b' },
      ],
    }),
    path: 'read_filters[0]',
    problem: /product \(read_filters\[0\], read_filters\[1\]\) were joined by OR/,
    fix: /"any"/,
  },
  {
    name: 'two filters on one field of what is created',
    table: 'groups',
    record: group({
      create_filters: [
        { field: 'product', value: 'a' },
        { field: 'product', value: 'b' },
      ],
    }),
    path: 'create_filters[0]',
    problem: /let every value pass/,
    fix: /"any"/,
  },
  {
    name: 'an empty list',
    table: 'auth',
    record: filter({ operator: 'in', value: [] }),
    path: 'read_filters[0].value',
    problem: /matches no row/,
    fix: /name the values/,
  },
  {
    name: 'not equal',
    table: 'auth',
    record: filter({ operator: 'ne' }),
    path: 'read_filters[0]',
    problem: /without status/,
    fix: /"exists"/,
  },
  {
    name: 'a number as text',
    table: 'auth',
    record: filter({ operator: 'gt', value: '20' }),
    path: 'read_filters[0].value',
    problem: /the number 20/,
    fix: /without quotes/,
  },
  {
    name: 'an encoded value',
    table: 'auth',
    record: filter({ value: 'Standard%20Elite' }),
    path: 'read_filters[0].value',
    problem: /URL-decoded/,
    fix: /decoded text/,
  },
  {
    name: 'a pattern without an end',
    table: 'auth',
    record: endpoint({ endpoint: '/item' }),
    path: 'permitted_endpoints[0].endpoint',
    problem: /whole paths only/,
    fix: /write \/item\(\/\.\*\)\?/,
  },
  {
    name: 'a pattern with a slash at its end',
    table: 'auth',
    record: endpoint({ endpoint: '^/user/$' }),
    path: 'permitted_endpoints[0].endpoint',
    problem: /permits nothing/,
    fix: /slash/,
  },
  {
    name: 'several methods',
    table: 'auth',
    record: endpoint({ method: 'GET|PUT' }),
    path: 'permitted_endpoints[0].method',
    problem: /permitted no call/,
    fix: /each of the methods/,
  },
  {
    name: 'an excluded field inside another',
    table: 'auth',
    record: key({ exclude_fields: ['supplier.contact'] }),
    path: 'exclude_fields[0]',
    problem: /top-level names only/,
    fix: /whole attribute/,
  },
  {
    name: 'an empty list of what may be updated',
    table: 'auth',
    record: key({ update_fields_permitted: [] }),
    path: 'update_fields_permitted',
    problem: /no update at all/,
    fix: /take it out/,
  },
  {
    name: 'a nested field of what is created',
    table: 'auth',
    record: key({ create_filters: [{ field: 'supplier.name', value: 'a' }] }),
    path: 'create_filters[0]',
    problem: /never found/,
    fix: /meant to be/,
  },
];

const DOUBTFUL: readonly Omit<BrokenRecord, 'kind'>[] = [
  {
    name: 'a person without a type',
    table: 'auth',
    record: { id: 'joe', username: 'joe', name: 'Joe', email: 'joe@example.com' },
    path: 'type',
    problem: /username is its id/,
    fix: /USERNAME if it is a person/,
  },
  {
    name: 'an id that is a group too',
    table: 'auth',
    record: key({ id: 'sound-group' }),
    path: 'id',
    problem: /auth record and a group/,
    fix: /rename/,
  },
];

export const BROKEN_RECORDS: readonly BrokenRecord[] = [
  ...REFUSED.map((each) => ({ ...each, kind: 'refused' as const })),
  ...DIFFERENT.map((each) => ({ ...each, kind: 'differs' as const })),
  ...DOUBTFUL.map((each) => ({ ...each, kind: 'doubt' as const })),
];

/** Records of which nothing is to be said. */
export const SOUND_RECORDS: { readonly auth: readonly Plain[]; readonly groups: readonly Plain[] } = {
  auth: [
    key({
      groups: ['sound-group'],
      permitted_endpoints: [{ method: 'GET', endpoint: '^/items(/.*)?$' }],
      read_filters: [
        {
          any: [
            { field: 'product', value: 'a' },
            { field: 'product', value: 'b' },
          ],
        },
      ],
      exclude_fields: ['cost'],
      x_note: 'ours',
    }),
    { id: 'person', type: 'USERNAME' },
    { id: 'token-group', type: 'OIDC_GROUP', name: 'Readers' },
    { id: 'untyped-key', name: 'n', username: 'u', email: 'e@example.com' },
  ],
  groups: [{ group_id: 'sound-group', update_fields_permitted: ['color'] }],
};
