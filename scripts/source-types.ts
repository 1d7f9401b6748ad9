// What the sources declare, read from their syntax: members of option types with their comments, and constants.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export type Member = {
  readonly name: string;
  readonly isOptional: boolean;
  /** As the source writes it, in one line. */
  readonly type: string;
  /** The comment without its tags, in one line. */
  readonly comment: string;
  /** What `@default` says; undefined where the comment has none. */
  readonly default: string | undefined;
};

/**
 * The members of an exported or local type or interface, in order.
 * @param path names of members that lead to an object type inside it: `auth.oidc`
 * @throws Error where the file declares no such type
 */
export function membersOf(file: string, type: string, ...path: readonly string[]): readonly Member[] {
  const source = parse(file);
  const declared = source.statements.find(
    (node) => (ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node)) && node.name.text === type,
  );
  let members = declared && literalMembers(declared);
  for (const name of path) {
    const inner = members?.find((member) => member.name?.getText(source) === name);
    members = inner && literalMembers(inner);
  }
  if (!members || members.length === 0) throw new Error(`${file} has no members of ${[type, ...path].join('.')}`);
  return members.map((member) => describe(member, source));
}

/** The properties of the first object type in a declaration. */
function literalMembers(node: ts.Node): readonly ts.PropertySignature[] | undefined {
  if (ts.isInterfaceDeclaration(node) || ts.isTypeLiteralNode(node)) return node.members.filter(ts.isPropertySignature);
  return ts.forEachChild(node, literalMembers);
}

function describe(member: ts.PropertySignature, source: ts.SourceFile): Member {
  const docs = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
  const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
  const tag = docs.flatMap((doc) => doc.tags ?? []).find(({ tagName }) => tagName.text === 'default');
  return {
    name: member.name.getText(source),
    isOptional: member.questionToken !== undefined,
    type: oneLine(member.type?.getText(source) ?? ''),
    comment: oneLine(docs.map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? '').join(' ')),
    default: tag && oneLine(ts.getTextOfJSDocComment(tag.comment) ?? ''),
  };
}

/** Every constant of a file at its top level that is a number, a text or a list of texts. */
export function constantsOf(file: string): ReadonlyMap<string, number | string | readonly string[]> {
  const constants = new Map<string, number | string | readonly string[]>();
  for (const statement of parse(file).statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      const value = initializer && literal(initializer, constants);
      if (ts.isIdentifier(name) && value !== undefined) constants.set(name.text, value);
    }
  }
  return constants;
}

type Literal = number | string | readonly string[];

function literal(node: ts.Expression, known: ReadonlyMap<string, Literal>): Literal | undefined {
  if (ts.isNumericLiteral(node)) return Number(node.text.replaceAll('_', ''));
  if (ts.isStringLiteral(node)) return node.text;
  if (ts.isAsExpression(node)) return literal(node.expression, known);
  if (ts.isIdentifier(node)) return known.get(node.text);
  if (ts.isArrayLiteralExpression(node)) return texts(node, known);
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.AsteriskToken) return undefined;
  const [left, right] = [literal(node.left, known), literal(node.right, known)];
  return typeof left === 'number' && typeof right === 'number' ? left * right : undefined;
}

function texts(list: ts.ArrayLiteralExpression, known: ReadonlyMap<string, Literal>): readonly string[] | undefined {
  const parts = list.elements.map((element) =>
    literal(ts.isSpreadElement(element) ? element.expression : element, known),
  );
  return parts.every((part) => part !== undefined) ? parts.flat().map(String) : undefined;
}

function parse(file: string): ts.SourceFile {
  const text = readFileSync(join(import.meta.dirname, '..', file), 'utf8');
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}
