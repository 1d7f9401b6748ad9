// A definition's own words are told only where they name nothing that is hidden from the caller.

import { describe, expect, it } from 'vitest';
import { mayTell } from '../../../../lib/operations/write/may-tell.ts';
import { keyPolicy } from '../../../support/access.ts';
import { item } from '../../../support/values.ts';

const policy = keyPolicy({ exclude_fields: ['cost', 'supplier.contact', 'prix-net', '%'] });
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
    ['the contact is unknown', false],
    ['the contacts are unknown', true],
    ['the cost/price ratio is off', false],
    ['cost\u2014price', false],
    ['max-cost*2', false],
    ['max_cost is too low', true],
    ['prix-net manque', false],
    ['the net is torn', false],
    ['needs $', true],
    ['needs %', false],
    ['', true],
  ])('%j: %s', (message, told) => {
    expect(mayTell(policy, body, message)).toBe(told);
  });

  it('may name what the request named', () => {
    expect(mayTell(policy, item({ cost: 1 }), 'must be above cost')).toBe(true);
    expect(mayTell(policy, item({ supplier: { contact: 1 } }), 'no supplier.contact')).toBe(true);
    expect(mayTell(policy, item({ supplier: [1, { contact: 1 }] }), 'no supplier.contact')).toBe(true);
  });

  it('may not name more than the request named', () => {
    expect(mayTell(policy, item({ supplier: { name: 1 } }), 'no supplier.contact')).toBe(false);
    expect(mayTell(policy, item({ supplier: 1, contact: 1 }), 'no supplier.contact')).toBe(false);
    expect(mayTell(policy, item({ cost: 1 }), 'no cost and no contact')).toBe(false);
  });

  it('is told to whom nothing is hidden', () => {
    expect(mayTell(keyPolicy({}), body, 'must be above cost')).toBe(true);
  });
});
