// The groups of a caller: which are loaded, and which it is in.

import { describe, expect, it } from 'vitest';
import { type Identity, merge, openRecords } from '../../../lib/access/principal.ts';
import { RecordMemo } from '../../../lib/access/record-memo.ts';
import { ApiError } from '../../../lib/base/errors.ts';
import {
  CONTEXT,
  KEY,
  keyRecord,
  NOW,
  oidc,
  oidcRecord,
  principalOf,
  userRecord,
  type World,
} from '../../support/access.ts';
import { item } from '../../support/values.ts';

describe('the groups of a caller’s records', () => {
  it('are loaded for each record, once each, for a disabled one too: they might hold a restriction', () => {
    const auth = [
      userRecord({ groups: ['a', 'b'] }),
      oidcRecord('g1', { groups: ['b', 'c'] }),
      oidcRecord('g2', { disabled: true, groups: ['d'] }),
      oidcRecord('g3', { groups: ['e'] }),
    ];
    const opened = openRecords(oidc(['g1', 'g2']), auth.map(item), new RecordMemo(CONTEXT), NOW);
    expect(opened.groupIds).toEqual(['a', 'b', 'c', 'd']);
    const alone = openRecords(oidc(['g3']), auth.slice(1).map(item), new RecordMemo(CONTEXT), NOW);
    expect(alone.groupIds).toEqual(['e']);
  });

  it('refuse the caller where one was not loaded', () => {
    const auth = [item(keyRecord({ groups: ['a', 'b'] }))];
    const memo = new RecordMemo(CONTEXT);
    const opened = { ...openRecords(KEY, auth, memo, NOW), groupIds: [] };
    expect(() => merge(opened, [item({ group_id: 'a' })], memo)).toThrow(ApiError);
    expect(merge(opened, [item({ group_id: 'a' }), item({ group_id: 'b' })], memo).groups).toEqual(['key-1', 'a', 'b']);
  });
});

describe('the groups that a caller is in', () => {
  const world: World = {
    auth: [
      userRecord({ groups: ['own'] }),
      oidcRecord('g1', { groups: ['shared', 'own'] }),
      oidcRecord('g2', { disabled: true, groups: ['shared', 'off'] }),
    ],
    groups: [{ group_id: 'own' }, { group_id: 'shared' }, { group_id: 'off' }],
  };
  const groupsOf = (identity: Identity, of: World = world) => principalOf(identity, of).groups;
  const closedOf = (identity: Identity, of: World = world) => principalOf(identity, of).closedGroups;
  const expired = { ...world, auth: [userRecord(), oidcRecord('g1', { expires_at: NOW, groups: ['shared'] })] };

  it('are the ids of the records that apply, the own one first, and of the groups that these name', () => {
    expect(groupsOf(oidc(['g1', 'unknown', 'g1']))).toEqual(['jane', 'g1', 'own', 'shared']);
    expect(groupsOf(oidc(['g1']), { auth: [oidcRecord('g1')] })).toEqual(['g1']);
    expect(groupsOf(KEY, { auth: [keyRecord()] })).toEqual(['key-1']);
  });

  it('are none of a record that is disabled or expired: it opens nothing', () => {
    expect(groupsOf(oidc(['g2']))).toEqual(['jane', 'own']);
    expect(groupsOf(oidc(['g1']), expired)).toEqual(['jane']);
  });

  it('are known apart where such a record names them: it restricts as ever', () => {
    expect(closedOf(oidc(['g1', 'g2']))).toEqual(['g2', 'off']);
    expect(closedOf(oidc(['g2']))).toEqual(['g2', 'shared', 'off']);
    expect(closedOf(oidc(['g1']), expired)).toEqual(['g1', 'shared']);
    expect(closedOf(oidc(['g1']))).toEqual([]);
  });
});
