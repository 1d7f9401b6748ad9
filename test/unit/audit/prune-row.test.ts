// docs/reference/audit.md, "Reading": the hidden paths of an item, left out of every place in an audit row where they
// may stand.

import { describe, expect, it } from 'vitest';
import { FieldSet } from '../../../lib/access/field-set.ts';
import { pruneRow } from '../../../lib/audit/prune-row.ts';
import { item } from '../../support/values.ts';

const hidden = FieldSet.of([['secret'], ['a', 'b'], ['key_part']]);
const pruned = (row: object, parametersToo = false) => pruneRow(item({ ...row }), hidden, parametersToo);

describe('an audit row', () => {
  it.each(['after', 'before', 'body'])('has no hidden path in %s', (name) => {
    const shown = pruned({ [name]: { secret: 1, a: { b: 2, c: 3 }, x: 4, list: [{ secret: 5 }] } });
    expect(shown).toEqual(item({ [name]: { a: { c: 3 }, x: 4, list: [{ secret: 5 }] } }));
  });

  it('has a body that is no map as it is', () => {
    for (const body of [[1, 'secret'], []]) expect(pruned({ body })).toEqual(item({ body }));
  });

  it('names no hidden attribute among those that were added, also where the name spells its path', () => {
    expect(pruned({ added: ['x', 'secret', 'a', 'a.b', 'a.c', 'secret.below'] })).toEqual(
      item({ added: ['x', 'a', 'a.c'] }),
    );
  });

  it('has no list of what was added where all of that is hidden: an empty one would tell of it', () => {
    const row = { action: 'UPDATE', after: { id: 'x' }, before: {} };
    for (const added of [['secret'], ['a.b'], ['secret', 'a.b']]) expect(pruned({ ...row, added })).toEqual(item(row));
  });

  it('shows nothing of an `added` that it cannot read', () => {
    expect(pruned({ added: ['x', 1] })).toEqual(item({ added: ['x'] }));
    expect(pruned({ added: 'x' })).toEqual(item({ added: 'x' }));
  });

  it('has no hidden part of the key of its item', () => {
    expect(pruned({ resource: { table: 't', key: { id: 'a', key_part: 'b' } } })).toEqual(
      item({ resource: { table: 't', key: { id: 'a' } } }),
    );
    expect(pruned({ resource: { table: 't' } })).toEqual(item({ resource: { table: 't' } }));
    expect(pruned({ resource: 'none' })).toEqual(item({ resource: 'none' }));
  });

  it('keeps all else', () => {
    const row = { id: 'i', user: { secret: 'mine' }, action: 'PUT', secret: 'of the row, not of the item' };
    expect(pruned(row)).toEqual(item(row));
  });

  it('is the row itself where nothing is hidden', () => {
    const row = item({ after: { secret: 1 }, query_params: { _where: 'x' } });
    expect(pruneRow(row, FieldSet.of([]), true)).toBe(row);
  });
});

describe('the parameters of an audit row', () => {
  it('stay where its caller is shown it', () => {
    const row = { query_params: { secret: 'x', _where: '{}' }, path_params: { secret: 'x' }, path: '/x' };
    expect(pruned(row, false)).toEqual(item(row));
  });

  it.each(['secret', 'secret__ne', 'secret.below', 'a', 'a.b__in', 'a[0].b', '_where', '_sort', '_fields', '_cursor'])(
    'of other callers do not name a hidden path, nor may name one: %s',
    (name) => {
      expect(pruned({ query_params: { [name]: '1', x: '2' }, path: '/p' }, true)).toEqual(
        item({ query_params: { x: '2' }, path: '/p' }),
      );
    },
  );

  it.each(['x', 'x__ne', 'a.c', 'secrets', '_limit', '__secret', 'b'])('stay where they name none: %s', (name) => {
    expect(pruned({ query_params: { [name]: '1' } }, true)).toEqual(item({ query_params: { [name]: '1' } }));
  });

  it('that cannot be read as a path are names', () => {
    const odd = FieldSet.of([['a..b']]);
    expect(pruneRow(item({ query_params: { 'a..b': '1', 'c..d': '2' } }), odd, true)).toEqual(
      item({ query_params: { 'c..d': '2' } }),
    );
  });

  it('in the path that name a hidden path go, and the path with them', () => {
    const row = { path_params: { key_part: 'x', id: 'y' }, path: '/items/x/y', query_params: { x: '1' } };
    expect(pruned(row, true)).toEqual(item({ path_params: { id: 'y' }, query_params: { x: '1' } }));
  });

  it('whose name was cut go: what it named is not known', () => {
    const cut = `x${'y'.repeat(1_023)}… (2,000 characters)`;
    expect(pruned({ query_params: { [cut]: '1', x: '2' } }, true)).toEqual(item({ query_params: { x: '2' } }));
    const row = { path_params: { search_key: cut, search_value: 's' }, path: '/search/x' };
    expect(pruned(row, true)).toEqual(item({ path_params: {} }));
  });

  it('of a search for a hidden path go with its value', () => {
    const row = { path_params: { search_key: 'secret', search_value: 's', x: 'y' }, path: '/search/secret/s' };
    expect(pruned(row, true)).toEqual(item({ path_params: { x: 'y' } }));
    const other = { path_params: { search_key: 'x', search_value: 'secret' }, path: '/search/x/secret' };
    expect(pruned(other, true)).toEqual(item(other));
    const odd = { path_params: { search_key: 1 }, path: '/search' };
    expect(pruned(odd, true)).toEqual(item(odd));
  });

  it('are not made up where there are none', () => {
    expect(pruned({ id: 'i', path: '/x' }, true)).toEqual(item({ id: 'i', path: '/x' }));
    expect(pruned({ query_params: 'odd' }, true)).toEqual(item({ query_params: {} }));
  });
});
