// The canonical path: "the route template filled with its decoded parameters"; "a slash inside a parameter is … %2F".

import { describe, expect, it } from 'vitest';
import { fillRoute, parseRoute, routeParameters } from '../../../lib/definition/route.ts';

describe('a route', () => {
  it.each([
    ['/items', [{ literal: 'items' }]],
    ['/item/{id}', [{ literal: 'item' }, { parameter: 'id' }]],
    ['/{a}/x/{b}', [{ parameter: 'a' }, { literal: 'x' }, { parameter: 'b' }]],
    ['/v1.0/~me/a-b_c', [{ literal: 'v1.0' }, { literal: '~me' }, { literal: 'a-b_c' }]],
  ])('%s has these segments', (route, segments) => {
    expect(parseRoute(route)).toEqual(segments);
  });

  it('has parameters in order', () => {
    expect(routeParameters('/order/{customer}/{number}')).toEqual(['customer', 'number']);
  });

  it.each([
    ['a', '/item/a'],
    ['a/b', '/item/a%2Fb'],
    ['/a//b/', '/item/%2Fa%2F%2Fb%2F'],
    ['{id}', '/item/{id}'],
    ['$&$1', '/item/$&$1'],
    ['ü 😀', '/item/ü 😀'],
  ])('is filled with %j as %s', (id, path) => {
    expect(fillRoute('/item/{id}', new Map([['id', id]]))).toBe(path);
  });

  it('has as many slashes filled as it has itself', () => {
    const filled = fillRoute(
      '/order/{customer}/{number}',
      new Map([
        ['customer', '../a/b'],
        ['number', '/'],
      ]),
    );
    expect(filled.split('/')).toHaveLength(4);
  });
});
