// What the sources declare, read from their syntax: members of option types with their comments, and constants.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

export type Member = {
  readonly name: string;
  readonly isOptional: boolean;
  /** As the source writes it, in one line. */
  readonly type: string;
  /** The comment without its tags, in one line. */
  readonly comment: string;
  /** What `@default` says; `undefined` if the comment has none. */
  readonly default: string | undefined;
};

/**
 * The members of an exported or local type or interface, in order; those of an interface that it extends stand behind its own.
 * @param path names of members that lead to an object type inside it: `auth.oidc`
 * @throws Error where the file declares no such type
 */
export function membersOf(file: string, type: string, ...path: readonly string[]): readonly Member[] {
  let members = membersIn(declarationOf(file, type));
  for (const name of path) {
    const inner = members.find((member) => member.name.getText() === name);
    members = inner?.type ? membersIn(inner.type) : [];
  }
  if (members.length === 0) throw new Error(`${file} has no members of ${[type, ...path].join('.')}`);
  return members.map(describe);
}

type Properties = readonly ts.PropertySignature[];

/** The properties of all object types of a declaration: of unions and intersections, and of types that it names. */
function membersIn(node: ts.Node): Properties {
  if (ts.isTypeLiteralNode(node)) return node.members.filter(ts.isPropertySignature);
  if (ts.isTypeAliasDeclaration(node)) return membersIn(node.type);
  if (ts.isUnionTypeNode(node) || ts.isIntersectionTypeNode(node)) return node.types.flatMap(membersIn);
  if (ts.isParenthesizedTypeNode(node)) return membersIn(node.type);
  if (ts.isTypeReferenceNode(node)) return membersOfReference(node);
  if (!ts.isInterfaceDeclaration(node)) return [];
  const bases = (node.heritageClauses ?? []).flatMap(({ types }) => types);
  const own = node.members.filter(ts.isPropertySignature);
  return [...own, ...bases.flatMap(({ expression }) => named(expression))];
}

/** Of `Partial<Limits>` those of `Limits`. */
function membersOfReference({ typeName, typeArguments = [] as never }: ts.TypeReferenceNode): Properties {
  const [argument] = [...typeArguments];
  return argument && typeName.getText() === 'Partial' ? membersIn(argument) : named(typeName);
}

/** The properties of a type of this repository; none of a package's. */
function named(name: ts.Node): Properties {
  const source = name.getSourceFile();
  const [file, type] = [source.fileName, name.getText()];
  if (declared(source, type)) return membersIn(declarationOf(file, type));
  const origin = source.statements.find(
    (node): node is ts.ImportDeclaration =>
      ts.isImportDeclaration(node) && new RegExp(`\\b${type}\\b`).test(node.importClause?.getText() ?? ''),
  );
  const from = origin && (origin.moduleSpecifier as ts.StringLiteral).text;
  return from?.startsWith('.') ? membersIn(declarationOf(join(dirname(file), from), type)) : [];
}

function declared(source: ts.SourceFile, type: string): ts.Node | undefined {
  return source.statements.find(
    (node) => (ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node)) && node.name.text === type,
  );
}

function declarationOf(file: string, type: string): ts.Node {
  const declaration = declared(parse(file), type);
  if (!declaration) throw new Error(`${file} has no type ${type}`);
  return declaration;
}

function describe(member: ts.PropertySignature): Member {
  const docs = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
  const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
  const tag = docs.flatMap((doc) => doc.tags ?? []).find(({ tagName }) => tagName.text === 'default');
  return {
    name: member.name.getText(),
    isOptional: member.questionToken !== undefined,
    type: oneLine(member.type?.getText() ?? ''),
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
