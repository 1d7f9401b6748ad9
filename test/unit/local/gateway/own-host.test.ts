// Which hosts are this runtime, by what it listens on.

import { describe, expect, it } from 'vitest';
import { isLoopbackHost, isOwnHost } from '../../../../lib/local/gateway/own-host.ts';

const hosts = (...values: string[]) => values.map((value) => ['Host', value] as const);

const HERE = ['127.0.0.1:3000', '127.0.0.1', 'localhost:3000', 'LOCALHOST', '127.9.8.7:1', '[::1]:3000', '[::1]'];
const ELSEWHERE = [
  'evil.example',
  'evil.example:3000',
  '127.0.0.1.evil.example:3000',
  'localhost.evil.example',
  'evil.example:127.0.0.1',
  'a@127.0.0.1',
  '127.0.0.1@evil.example',
  '127.0.0.1:3000, evil.example',
  '127.1',
  '2130706433',
  'localhost.',
  '::1',
  ' ',
  '',
];
const ADDRESSES = ['192.0.2.7:3000', '0.0.0.0:3000', '[2001:db8::7]:3000'];

describe('a runtime that listens on this machine', () => {
  it.each(HERE)('is meant by %s', (host) => {
    expect([isOwnHost(hosts(host), '127.0.0.1'), isLoopbackHost(hosts(host))]).toEqual([true, true]);
  });

  it.each([...ELSEWHERE, ...ADDRESSES])('is not meant by %j', (host) => {
    expect([isOwnHost(hosts(host), '127.0.0.1'), isLoopbackHost(hosts(host))]).toEqual([false, false]);
  });

  it('is not meant by no host, nor by two', () => {
    for (const headers of [hosts(), hosts('localhost', 'evil.example'), hosts('localhost', 'localhost')]) {
      expect(isOwnHost(headers, '127.0.0.1')).toBe(false);
    }
  });
});

describe('a runtime that listens on every address', () => {
  it.each(['0.0.0.0', '::'])('is meant by any address, as it cannot be looked up: %s', (listening) => {
    for (const host of [...HERE, ...ADDRESSES]) expect([host, isOwnHost(hosts(host), listening)]).toEqual([host, true]);
    for (const host of ELSEWHERE) expect([host, isOwnHost(hosts(host), listening)]).toEqual([host, false]);
  });
});

describe('a runtime that listens on one address or name', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7:3000', '192.0.2.8:3000'],
    ['dev.example', 'Dev.example:3000', 'evil.example:3000'],
    ['2001:db8::7', '[2001:db8::7]:3000', '[2001:db8::8]:3000'],
  ])('is meant by it, and by no other: %s', (listening, own, other) => {
    expect([own, other, 'localhost:1'].map((host) => isOwnHost(hosts(host), listening))).toEqual([true, false, true]);
  });
});
