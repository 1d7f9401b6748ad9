// A definition's own words are told only where they name nothing that is hidden from the caller.

import { describe, expect, it } from 'vitest';
import { mayTell } from '../../../lib/operations/may-tell.ts';
import { keyPolicy } from '../../support/access.ts';
import { item } from '../../support/values.ts';

const policy = keyPolicy({ exclude_fields: ['cost', 'supplier.contact', 'prix-net'] });
const body = item({ level: 1 });

describe('a message', () => {
  it.each([
    ['must be positive', true],
    ['must be above cost', false],
    ['cost', false],
    ["must be above the item's 'cost'.", false],
    ['needs (cost) first', false],
    ['see cost.', false],
    ['must be <cost>', false],
    ['cost=5 is too much', false],
    ['cost[0] is too much', false],
    ['cost.net is too much', false],
    ['the costs are high', true],
    ['Cost is a word', true],
    ['the supplier is unknown', true],
    ['needs supplier.contact', false],
    ['needs supplier.contact.mail!', false],
    ['needs supplier[3].contact', false],
    ['the contact is unknown', true],
    ['prix-net manque', false],
    ['', true],
  ])('%j: %s', (message, told) => {
    expect(mayTell(policy, body, message)).toBe(told);
  });

  it('may name what the request named', () => {
    expect(mayTell(policy, item({ cost: 1 }), 'must be above cost')).toBe(true);
  });

  it('is told to whom nothing is hidden', () => {
    expect(mayTell(keyPolicy({}), body, 'must be above cost')).toBe(true);
  });
});
