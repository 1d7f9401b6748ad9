// Which records are asked for, in how many calls: groups are guessed from the last time, and never believed.

import { beforeEach, describe, expect, it } from 'vitest';
import type { Identity } from '../../../../lib/access/principal.ts';
import { api } from '../../../../lib/definition/api.ts';
import { list } from '../../../../lib/definition/endpoint.ts';
import { PrincipalLoader } from '../../../../lib/operations/request/principal-loader.ts';
import { ITEMS, KEY, keyRecord, NOW, oidc, oidcRecord, userRecord } from '../../../support/access.ts';
import { RecordStore } from '../../../support/record-store.ts';

type Person = Extract<Identity, { kind: 'oidc' }>;

const definition = api({
  tables: [ITEMS],
  endpoints: [list('/items', ITEMS)],
  auth: {
    oidc: { issuer: 'https://issuer.example.com', audience: 'items' },
    proxy: { username: 'x-oidc-user', groups: 'x-oidc-groups' },
  },
});
const JANE = oidc(['readers']) as Person;
let store: RecordStore;
let loader: PrincipalLoader;

beforeEach(() => {
  store = new RecordStore();
  loader = new PrincipalLoader(definition);
  store.putGroups({ group_id: 'g' }, { group_id: 'h' }, { group_id: 'i' });
});

const load = (identity: Identity, proxied?: Person) =>
  loader.load({ ports: store.ports, call: { proxied }, startedAt: NOW * 1e6 }, identity);

/** The calls of one request, and the code it is refused with. */
async function asks(identity: Identity, proxied?: Person): Promise<string[]> {
  store.takeCalls();
  const refused = await load(identity, proxied).then(
    () => [],
    ({ code }) => [code],
  );
  return [...store.takeCalls(), ...refused];
}

describe('the records of a caller', () => {
  it('take one call where the groups are those of last time', async () => {
    store.putAuth(keyRecord({ groups: ['g', 'h'] }));
    expect(await asks(KEY)).toEqual(['key-1 |', '| g h']);
    for (let i = 0; i < 3; i += 1) expect(await asks(KEY)).toEqual(['key-1 | g h']);
  });

  it('take one call where no groups are named', async () => {
    store.putAuth(keyRecord());
    expect(await asks(KEY)).toEqual(['key-1 |']);
    expect(await asks(KEY)).toEqual(['key-1 |']);
  });

  it('take one more for the groups that were not guessed, once', async () => {
    store.putAuth(keyRecord({ groups: ['g'] }));
    await load(KEY);
    store.putAuth(keyRecord({ groups: ['g', 'h', 'i'] }));
    expect(await asks(KEY)).toEqual(['key-1 | g', '| h i']);
    expect(await asks(KEY)).toEqual(['key-1 | g h i']);
  });

  it('take none more where guessed groups are named no more', async () => {
    store.putAuth(keyRecord({ groups: ['g', 'h'] }));
    await load(KEY);
    store.putAuth(keyRecord({ groups: ['h'] }));
    expect(await asks(KEY)).toEqual(['key-1 | g h']);
    expect((await load(KEY)).groups).toEqual(['key-1', 'h']);
    expect(await asks(KEY)).toEqual(['key-1 | h']);
  });

  it('take none more for a guessed group that is gone: it was asked for', async () => {
    store.putAuth(keyRecord({ groups: ['g', 'h'] }));
    await load(KEY);
    store.groups.delete('h');
    expect(await asks(KEY)).toEqual(['key-1 | g h', 'not_authorized']);
    store.putGroups({ group_id: 'h' });
    expect(await asks(KEY)).toEqual(['key-1 | g h']);
  });

  it('that are nobody’s leave no guess', async () => {
    expect(await asks(KEY)).toEqual(['key-1 |', 'not_authorized']);
    store.putAuth(keyRecord({ groups: ['g'] }));
    expect(await asks(KEY)).toEqual(['key-1 |', '| g']);
  });
});

describe('a guess', () => {
  it('is of one caller: by kind, id and the groups of the token', async () => {
    store.putAuth(userRecord({ groups: ['g'] }), oidcRecord('readers', { groups: ['h'] }), oidcRecord('writers'));
    expect(await asks(oidc(['readers']))).toEqual(['jane readers |', '| g h']);
    expect(await asks(oidc(['writers']))).toEqual(['jane writers |', '| g']);
    expect(await asks(oidc([]))).toEqual(['jane |', '| g']);
    expect(await asks(oidc(['readers'], { username: 'joe' }))).toEqual(['joe readers |', '| h']);
    expect(await asks({ kind: 'api_key', id: 'jane' })).toEqual(['jane |', 'not_authorized']);
    expect(await asks(oidc(['readers']))).toEqual(['jane readers | g h']);
  });

  it('is the same whatever the order of the token’s groups', async () => {
    store.putAuth(oidcRecord('readers', { groups: ['g'] }), oidcRecord('writers', { groups: ['h'] }));
    await load(oidc(['readers', 'writers']));
    expect(await asks(oidc(['writers', 'readers', 'writers']))).toEqual(['jane writers readers | g h']);
  });

  it('is not mistaken for another by the way ids are spelt', async () => {
    store.putAuth(oidcRecord('a","b', { groups: ['g'] }), oidcRecord('a'), oidcRecord('b'));
    await load(oidc(['a","b']));
    expect(await asks(oidc(['a', 'b']))).toEqual(['jane a b |']);
  });

  it('is of the thousand callers that were seen last', async () => {
    const keys = Array.from({ length: 1_001 }, (_, i) => ({ kind: 'api_key', id: `key-${i}` }) as const);
    for (const { id } of keys) store.putAuth(keyRecord({ id, groups: ['g'] }));
    for (const key of keys) await load(key);
    const [first, second, third] = keys as [Identity, Identity, Identity];
    expect(await asks(second)).toEqual(['key-1 | g']);
    expect(await asks(first)).toEqual(['key-0 |', '| g']);
    // Room for the first was made by the third: the second had just been used.
    expect(await asks(second)).toEqual(['key-1 | g']);
    expect(await asks(third)).toEqual(['key-2 |', '| g']);
  });
});

describe('a trusted proxy', () => {
  const proxy = keyRecord({ oidc_proxy: true });
  beforeEach(() => store.putAuth(proxy, oidcRecord('readers', { groups: ['g'] }), userRecord({ groups: ['h'] })));

  it('and the person are one call, once the key was a proxy for that person', async () => {
    expect(await asks(KEY, JANE)).toEqual(['key-1 |', 'jane readers |', '| h g']);
    expect(await asks(KEY, JANE)).toEqual(['key-1 jane readers | h g']);
    expect((await load(KEY, JANE)).username).toBe('jane');
  });

  it('is not known for another person', async () => {
    await load(KEY, JANE);
    const joe = { ...JANE, username: 'joe' };
    expect(await asks(KEY, joe)).toEqual(['key-1 |', 'joe readers |', '| g']);
    expect(await asks(JANE)).toEqual(['jane readers |', '| h g']);
  });

  it('may name a person without groups, and is known all the same', async () => {
    store.putAuth(userRecord());
    const jane = { ...JANE, groups: [] };
    expect(await asks(KEY, jane)).toEqual(['key-1 |', 'jane |']);
    expect(await asks(KEY, jane)).toEqual(['key-1 jane |']);
  });

  it('that is one no more is itself at once, and nobody’s records are read for its headers', async () => {
    await load(KEY, JANE);
    store.putAuth(keyRecord({ groups: ['i'] }));
    expect(await asks(KEY, JANE)).toEqual(['key-1 jane readers | h g', '| i']);
    expect(await asks(KEY, JANE)).toEqual(['key-1 | i']);
    expect((await load(KEY, JANE)).id).toBe('key-1');
  });

  it('that nobody trusts cannot make anything be read', async () => {
    store.putAuth(keyRecord({ groups: ['i'] }));
    expect(await asks(KEY, JANE)).toEqual(['key-1 |', '| i']);
    expect(await asks(KEY, JANE)).toEqual(['key-1 | i']);
    const plain = new PrincipalLoader(api({ tables: [ITEMS], endpoints: [list('/items', ITEMS)] }));
    store.putAuth(proxy);
    for (let i = 0; i < 2; i += 1) {
      const refused = plain.load({ ports: store.ports, call: { proxied: JANE }, startedAt: NOW * 1e6 }, KEY);
      await expect(refused).rejects.toMatchObject({ code: 'not_authorized' });
    }
    expect(store.takeCalls()).toEqual(['key-1 |', 'key-1 |']);
  });

  it('that becomes one is one at once', async () => {
    store.putAuth(keyRecord({ groups: ['i'] }));
    await load(KEY, JANE);
    store.putAuth(proxy);
    expect(await asks(KEY, JANE)).toEqual(['key-1 | i', 'jane readers |', '| h g']);
    expect(await asks(KEY, JANE)).toEqual(['key-1 jane readers | h g']);
  });

  it('that names nobody is refused, whomever it named before', async () => {
    await load(KEY, JANE);
    expect(await asks(KEY)).toEqual(['key-1 |', 'unauthenticated']);
  });

  it('that is disabled passes nobody on', async () => {
    await load(KEY, JANE);
    store.putAuth({ ...proxy, disabled: true });
    expect(await asks(KEY, JANE)).toEqual(['key-1 jane readers | h g', 'not_authorized']);
  });
});
