// An audit row that no answer can hold is shown without its images, and says so.

import { expect, it } from 'vitest';
import { shortenRow } from '../../../lib/audit/shorten.ts';
import { item } from '../../support/values.ts';

const reason = 'the images of this row are too large for one answer';

it('a shortened row names the images that are left out, and where they are', () => {
  const row = item({ id: 'i', after: { x: 1 }, before: { x: 2 }, added: ['y'], body: { x: 1 } });
  expect(shortenRow(row, '/history/{id}')).toEqual(
    item({
      id: 'i',
      body: { x: 1 },
      left_out: { attributes: ['added', 'after', 'before'], reason, see: '/history/{id}' },
    }),
  );
});

it('a shortened row names no endpoint that the API does not have, and no image that there was not', () => {
  expect(shortenRow(item({ before: { x: 2 } }), undefined)).toEqual(
    item({ left_out: { attributes: ['before'], reason } }),
  );
});
