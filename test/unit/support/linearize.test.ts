// The checker of orders, tried on planted violations.

import { describe, expect, it } from 'vitest';
import { linearize, type Operation, type State } from '../../support/linearize.ts';

const ABSENT = 'absent';

const op = (name: string, start: number, end: number, step: Operation['step']): Operation => ({
  name,
  start,
  end,
  step,
});
const write = (to: State, start: number, end: number) => op(`write ${to}`, start, end, () => to);
const read = (seen: State, start: number, end: number) =>
  op(`read ${seen}`, start, end, (state) => (state === seen ? state : undefined));
const create = (to: State, start: number, end: number) =>
  op(`create ${to}`, start, end, (state) => (state === ABSENT ? to : undefined));
/** Adds a letter to what is there, and saw what it made. */
const append = (letter: string, seen: State, start: number, end: number) =>
  op(`append ${letter}`, start, end, (state) => (state + letter === seen ? seen : undefined));

const isLinear = (operations: Operation[], end?: State) =>
  linearize(operations, ABSENT, (state) => end === undefined || state === end).isLinear;

describe('takes', () => {
  it.each<[string, Operation[], State | undefined]>([
    ['nothing', [], ABSENT],
    ['one after another', [write('a', 0, 1), read('a', 2, 3), write('b', 4, 5)], 'b'],
    ['a read beside a write, before it', [write('a', 0, 9), read(ABSENT, 1, 2)], 'a'],
    ['a read beside a write, after it', [write('a', 0, 9), read('a', 1, 2)], 'a'],
    ['writes side by side in either order', [write('a', 0, 9), write('b', 1, 8), read('a', 10, 11)], 'a'],
    ['creations of which one won', [create('a', 0, 9), read('a', 1, 8)], 'a'],
    [
      'a write without an answer that came late',
      [write('a', 0, Number.POSITIVE_INFINITY), read(ABSENT, 5, 6), read('a', 7, 8)],
      'a',
    ],
    ['appends that saw each other', [write('x', 0, 1), append('b', 'xab', 2, 9), append('a', 'xa', 3, 8)], 'xab'],
  ])('%s', (_, operations, end) => expect(isLinear(operations, end)).toBe(true));
});

describe('finds', () => {
  it.each<[string, Operation[], State | undefined]>([
    ['a read of what was overwritten', [write('a', 0, 1), write('b', 2, 3), read('a', 4, 5)], undefined],
    ['a read of what was never written', [write('a', 0, 1), read('c', 2, 3)], undefined],
    ['a value that came and went', [write('a', 0, 9), read('a', 1, 2), read(ABSENT, 3, 4)], undefined],
    ['two creations', [create('a', 0, 9), create('b', 1, 8)], undefined],
    ['a lost update', [write('x', 0, 1), append('a', 'xa', 2, 9), append('b', 'xb', 3, 8)], undefined],
    ['a write that is not stored', [write('a', 0, 1)], ABSENT],
    ['a store of what nobody wrote', [write('a', 0, 1)], 'b'],
  ])('%s', (_, operations, end) => expect(isLinear(operations, end)).toBe(false));
});

it('is not lost among many that are side by side', () => {
  const many = Array.from({ length: 60 }, (_, n) => write(`w${n}`, n, n + 8));
  expect(isLinear([...many, read('w59', 70, 71)])).toBe(true);
  expect(isLinear([...many, read('w10', 70, 71)])).toBe(false);
});
