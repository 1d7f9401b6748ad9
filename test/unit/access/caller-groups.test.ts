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
    expect(merge(opened, [item({ group_id: 'a' }), item({ group_id: 'b' })], memo).groups).toEqual(['a', 'b']);
  });
});

describe('the groups that a caller is in', () => {
  const world: World = {
    auth: [
      userRecord({ groups: ['own'] }),
      oidcRecord('g1', { groups: ['shared', 'own'] }),
      oidcRecord('g2', { disabled: true, groups: ['shared'] }),
    ],
    groups: [{ group_id: 'own' }, { group_id: 'shared' }],
  };

  it('are the OIDC groups with an active record, and the groups that its active records name', () => {
    const groupsOf = (identity: Identity, of: World = world) => principalOf(identity, of).groups.toSorted();
    expect(groupsOf(oidc(['g1', 'unknown', 'g1']))).toEqual(['g1', 'own', 'shared']);
    expect(groupsOf(oidc(['g2']))).toEqual(['own']);
    const expired = { ...world, auth: [userRecord(), oidcRecord('g1', { expires_at: NOW, groups: ['shared'] })] };
    expect(groupsOf(oidc(['g1']), expired)).toEqual([]);
    expect(groupsOf(oidc(['g1']), { auth: [oidcRecord('g1')] })).toEqual(['g1']);
    expect(groupsOf(KEY, { auth: [keyRecord()] })).toEqual([]);
  });

  it('are not the id of the own record: who is called as a group is called is not in it', () => {
    const auth = [userRecord({ id: 'shared', groups: ['own'] })];
    const { groups } = principalOf(oidc([], { username: 'shared' }), { auth, groups: [{ group_id: 'own' }] });
    expect(groups).toEqual(['own']);
  });
});
