// Prints a condition for people, in explanations and messages. No parser reads this form.

import { printJson } from '../base/json.ts';
import { printPath } from '../base/path.ts';
import { type Algebra, type Condition, fold } from './condition.ts';

/** Text of a condition; a group gets brackets inside another group. */
type Text = { readonly text: string; readonly group: boolean };

/** Prints a condition such as `status = "active" and not (n > 3)`. */
export function printCondition(condition: Condition): string {
  return fold(condition, algebra).text;
}

const algebra: Algebra<Text> = {
  true: () => single('true'),
  false: () => single('false'),
  all: (parts) => ({ text: parts.map(member).join(' and '), group: true }),
  any: (parts) => ({ text: parts.map(member).join(' or '), group: true }),
  not: (part) => single(`not (${part.text})`),
  compare: ({ path, comparator, value }) => single(`${printPath(path)} ${comparator} ${printJson(value)}`),
  in: ({ path, values }) => single(`${printPath(path)} in (${values.map(printJson).join(', ')})`),
  startsWith: ({ path, prefix }) => single(`${printPath(path)} starts with ${JSON.stringify(prefix)}`),
  contains: ({ path, value }) => single(`${printPath(path)} contains ${printJson(value)}`),
  exists: ({ path }) => single(`${printPath(path)} exists`),
  type: ({ path, type }) => single(`${printPath(path)} has type ${type}`),
};

function single(text: string): Text {
  return { text, group: false };
}

function member(part: Text): string {
  return part.group ? `(${part.text})` : part.text;
}
