// Attribute values ↔ JavaScript in the fewest lines that do for the measured rows: what a bare handler would use.

import type { AttributeValue } from '@aws-sdk/client-dynamodb';

type Plain = Record<string, unknown>;

export function fromItem(item: Record<string, AttributeValue>): Plain {
  const plain: Plain = {};
  for (const name in item) plain[name] = fromValue(item[name] as AttributeValue);
  return plain;
}

function fromValue(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.L !== undefined) return value.L.map(fromValue);
  return value.M === undefined ? null : fromItem(value.M);
}

export function toItem(plain: object): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, toValue(value)]));
}

function toValue(plain: unknown): AttributeValue {
  if (typeof plain === 'string') return { S: plain };
  if (typeof plain === 'number') return { N: String(plain) };
  if (typeof plain === 'boolean') return { BOOL: plain };
  if (Array.isArray(plain)) return { L: plain.map(toValue) };
  return plain === null ? { NULL: true } : { M: toItem(plain as object) };
}
