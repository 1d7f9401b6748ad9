// docs/reference/operators.md as text, from the one table of operators: nobody writes it, so that it cannot say something else.

import { type Operator, operandOf, operators } from '../lib/condition/operators.ts';
import { code, markdownTable } from './markdown-table.ts';

const HEADINGS = [
  'operator',
  'alias',
  'value',
  'true when the attribute …',
  'missing, in a query',
  'missing, in a policy',
  'example',
];

/** The whole page. */
export function operatorsPage(): string {
  return [OPENING, markdownTable([HEADINGS, ...operators.map(cells)]), CLOSING].join('\n\n');
}

function cells(operator: Operator): readonly string[] {
  const { name, aliases, meaning, missing, missingInPolicy = 'unknown', example } = operator;
  return [
    code(name),
    aliases.map(code).join(', '),
    operandOf(operator),
    meaning,
    missing,
    missingInPolicy,
    code(example),
  ];
}

const OPENING = `# Operators

<!-- Made by \`npm run docs:reference\` from lib/condition/operators.ts. Change it there. -->

In a query string a condition is \`<path>=<value>\`, which means \`eq\`, or \`<path>__<operator>=<value>\`. In \`_where\` and in the
filters of auth records and groups it is \`{ "field": path, "operator": operator, "value": value }\`. Every value in a query string
is percent-encoded; here it stands as it is before that.`;

const CLOSING = `## Values

- In a query string, a value of an attribute that the table declares is read as the declared type. Of any other attribute,
  text that is a JSON number, \`true\`, \`false\` or \`null\` means both the text and the value (\`eq\`, \`ne\`, \`contains\`,
  \`notcontains\`); for \`gt\`, \`lt\`, \`gte\` and \`lte\` a JSON number is a number. Text in double quotes is text: \`level="5"\`.
- In JSON (lists, \`_where\`, filters, search bodies) types are as written.
- A query has at most 100 conditions. The values of an \`in\` list, and values repeated as \`path=a&path=b\`, are one.
- \`path=a&path=b\` means one of them; any other operator that is repeated means all of them.
- An empty \`in\` list is false, an empty \`notin\` list true, in queries and policies alike.

## Missing attributes

- In a query an operator that negates (\`ne\`, \`notin\`, \`notcontains\`, and \`not\` in \`_where\`) is true where the attribute is missing
  or of another type, as in DynamoDB. All others are false there.
- In a policy they are unknown, and only what is true passes: a filter \`status ne "secret"\` does not admit a row without
  a status. \`not\`, \`all\` and \`any\` combine unknown as SQL does. To admit such rows, say so:
  \`{ "any": [{ "field": "status", "operator": "exists", "value": false }, … ] }\`.
- In a policy another type than the operator is about is unknown too: \`haselements\` is about lists and sets, \`startswith\` about
  text, \`contains\` about text, lists, and sets of the value's type.
- In a policy a variable that does not resolve, or is empty text, makes the operator unknown, whichever it is. Empty text in a list
  variable is a member that nobody knows: \`in\` finds the others, \`notin\` and \`haselements\` are not true.
- An attribute that is \`null\` is there: \`exists\` is true for it.
`;
