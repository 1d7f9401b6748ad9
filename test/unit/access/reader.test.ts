// What a stored attribute must be, said to the operator who has to mend it.

import { describe, expect, it } from 'vitest';
import { Reader } from '../../../lib/access/reader.ts';
import type { RecordFaultCode } from '../../../lib/access/record-fault.ts';
import { item } from '../../support/values.ts';

type Read = (reader: Reader) => unknown;

const read = (plain: unknown, how: Read, at?: string) => {
  const reader = new Reader(item({ a: plain }), at);
  return { value: how(reader), faults: reader.faults };
};

const text: Read = (reader) => reader.text('a');
const flag: Read = (reader) => reader.flag('a');
const seconds: Read = (reader) => reader.seconds('a');
const texts: Read = (reader) => reader.texts('a');
const paths: Read = (reader) => reader.paths('a');
const elements: Read = (reader) => reader.elements('a');

describe('an attribute that is as it must be', () => {
  it.each<[string, unknown, Read, unknown]>([
    ['text', 'x', text, 'x'],
    ['true', true, flag, true],
    ['false', false, flag, false],
    ['a time', 1_767_225_600, seconds, 1_767_225_600],
    ['texts', ['x', 'y'], texts, ['x', 'y']],
    ['no texts', [], texts, []],
    ['a set of texts', new Set(['x']), texts, ['x']],
    ['paths', ['x', 'y.z'], paths, [['x'], ['y', 'z']]],
    ['elements', [true], elements, [{ value: { BOOL: true }, at: 'a[0]' }]],
  ])('is read: %s', (_, plain, how, value) => {
    expect(read(plain, how)).toEqual({ value, faults: [] });
  });

  it('may be missing', () => {
    for (const how of [text, flag, seconds, texts, paths])
      expect(read(undefined, how)).toEqual({ value: undefined, faults: [] });
    expect(read(undefined, elements)).toEqual({ value: [], faults: [] });
  });
});

describe('an attribute that is not', () => {
  it.each<[unknown, Read, RecordFaultCode, string]>([
    ['', text, 'not_text', 'must be text that is not empty'],
    [5, text, 'not_text', 'must be text that is not empty'],
    ['true', flag, 'not_flag', 'must be true or false'],
    ['1767225600', seconds, 'not_seconds', 'must be a number of seconds since 1970'],
    ['x', texts, 'not_texts', 'must be a list of texts'],
    [['x', ''], texts, 'not_texts', 'must be a list of texts'],
    [[['x']], texts, 'not_texts', 'must be a list of texts'],
    ['x', paths, 'not_texts', 'must be a list of texts'],
  ])('is a fault: %j', (plain, how, code, message) => {
    expect(read(plain, how)).toEqual({ value: undefined, faults: [{ path: 'a', message, code }] });
    expect(read(plain, how, 'top[2]').faults).toEqual([{ path: 'top[2].a', message, code }]);
  });

  it('is a fault, and has no elements', () => {
    expect(read({}, elements)).toEqual({
      value: [],
      faults: [{ path: 'a', message: 'must be a list', code: 'not_list' }],
    });
  });

  it('is a fault for each path in it that is none, and leaves the others', () => {
    const advice = 'is no path; write names joined by ".", without list indexes';
    expect(read(['x', 'y[0]', '.z', 'x.y'], paths, 'top')).toEqual({
      value: [['x'], ['x', 'y']],
      faults: [
        { path: 'top.a[1]', message: `"y[0]" ${advice}`, code: 'not_path' },
        { path: 'top.a[2]', message: `".z" ${advice}`, code: 'not_path' },
      ],
    });
  });

  it('says where its elements stand', () => {
    expect(read([5, 6], elements, 'top')).toEqual({
      value: [
        { value: { N: '5' }, at: 'top.a[0]' },
        { value: { N: '6' }, at: 'top.a[1]' },
      ],
      faults: [],
    });
  });
});

describe('a text that is required', () => {
  const required = (plain: unknown, message?: string) =>
    read(plain, (reader) => reader.required('a', message === undefined ? undefined : 'missing_part', message));

  it('is read where it is there', () => {
    expect(required('x')).toEqual({ value: 'x', faults: [] });
  });

  it('is one fault where it is missing or wrong, and reads as empty', () => {
    const fault = (code: RecordFaultCode, message: string) => ({ value: '', faults: [{ path: 'a', message, code }] });
    expect(required(undefined)).toEqual(fault('missing_id', 'is required'));
    expect(required(undefined, 'is required: a name')).toEqual(fault('missing_part', 'is required: a name'));
    expect(required('', 'is required: a name')).toEqual(fault('not_text', 'must be text that is not empty'));
    expect(required(5)).toEqual(fault('not_text', 'must be text that is not empty'));
  });
});

describe('an attribute that nobody knows', () => {
  it('is a fault that tells what is known, but for the operator’s own', () => {
    const reader = new Reader(item({ name: 'x', x_note: 1, names: 'y', X_note: 1 }));
    reader.refuseUnknown(['id', 'name']);
    const message = 'is not known; the attributes are id, name, and x_… for your own use';
    expect(reader.faults).toEqual([
      { path: 'names', message, code: 'unknown_attribute' },
      { path: 'X_note', message, code: 'unknown_attribute' },
    ]);
  });
});
