// Finds comments of one source file that break the rules of CONTRIBUTING.md, "Style", as far as a program can tell: it looks
// at the first words of each comment, never at words inside it.

import ts from 'typescript';

/** One fault, such as `12: begins with What`; the number is the line. */
type Finding = string;

/** Openings of fragments: the noun or verb that they belong to is missing. */
const FRAGMENTS = ['what', 'whether', 'where', 'of', 'told', 'kept', 'as', 'behind'];
/** Openings that point at a word that a reader has not met. */
const POINTERS = ['it', 'its', 'they', 'them', 'their', 'this', 'that', 'these', 'those', 'such', 'but', 'and'];
/** Verbs in the third person with which the comment of a predicate may begin, apart from "Returns true". */
const VERBS = [
  'Accepts',
  'Answers',
  'Checks',
  'Compares',
  'Decides',
  'Has',
  'Holds',
  'Is',
  'Matches',
  'Narrows',
  'Sends',
  'Takes',
  'Tells',
  'Tries',
];
const PREDICATE = new RegExp(String.raw`^(?:True (?:if|for|only|when)\b|Returns true\b|(?:${VERBS.join('|')})\b)`);
const DIRECTIVE = /^Stryker (?:disable|restore)[^:]*:?\s*/;

/** Comments whose first word is the opening of a fragment; of a directive the reason is looked at. */
export function fragments(text: string): Finding[] {
  return comments(parse(text)).flatMap(({ line, words }) => found(line, words.replace(DIRECTIVE, ''), FRAGMENTS));
}

/** Doc comments of exported functions and of methods of exported classes that begin with a pointer to something unsaid. */
export function pointers(text: string): Finding[] {
  return exportedDocs(parse(text)).flatMap(({ line, words }) => found(line, words, POINTERS));
}

/** Doc comments of exported functions with a boolean result that do not say when it is true. */
export function vaguePredicates(text: string): Finding[] {
  return exportedDocs(parse(text))
    .filter(({ isPredicate, words }) => isPredicate && words !== '' && !words.startsWith('@') && !PREDICATE.test(words))
    .map(({ line, words }) => `${line}: ${JSON.stringify(words.slice(0, 40))} does not begin with "True if"`);
}

function found(line: number, words: string, openings: readonly string[]): Finding[] {
  const first = /^[A-Za-z]+\b/.exec(words)?.[0] ?? '';
  return openings.includes(first.toLowerCase()) ? [`${line}: begins with ${first}`] : [];
}

type Comment = { readonly line: number; readonly words: string };

function parse(text: string): ts.SourceFile {
  return ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest, true);
}

/** Every comment of a file, in order; lines of `//` that follow each other are one. */
function comments(file: ts.SourceFile): Comment[] {
  const ranges = new Map<number, ts.CommentRange>();
  const visit = (node: ts.Node): void => {
    const around = [
      ...(ts.getLeadingCommentRanges(file.text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(file.text, node.getEnd()) ?? []),
    ];
    // The text of a template or of JSX is no place of comments.
    if (!ts.isTemplateLiteralToken(node)) for (const range of around) ranges.set(range.pos, range);
    for (const child of node.getChildren(file)) visit(child);
  };
  visit(file);
  const ordered = [...ranges.values()].sort((one, other) => one.pos - other.pos);
  return ordered
    .filter((range, at) => !continues(file.text, ordered[at - 1], range))
    .map((range) => comment(file, range));
}

function continues(text: string, before: ts.CommentRange | undefined, range: ts.CommentRange): boolean {
  const isLine = ({ kind }: ts.CommentRange) => kind === ts.SyntaxKind.SingleLineCommentTrivia;
  return (
    before !== undefined && isLine(before) && isLine(range) && /^\r?\n[ \t]*$/.test(text.slice(before.end, range.pos))
  );
}

function comment(file: ts.SourceFile, { pos, end }: ts.CommentRange): Comment {
  const line = file.getLineAndCharacterOfPosition(pos).line + 1;
  return { line, words: file.text.slice(pos, end).replace(/^\/[/*]+[\s*]*|[\s*]*\*\/$/g, '') };
}

/** The doc comments of what a file exports that can be called or read, with whether the result is a boolean. */
function exportedDocs(file: ts.SourceFile): (Comment & { readonly isPredicate: boolean })[] {
  return file.statements.filter(isExported).flatMap((statement) => {
    if (ts.isClassDeclaration(statement))
      return statement.members.filter(isPublic).flatMap((each) => docs(file, each, each));
    if (ts.isFunctionDeclaration(statement)) return docs(file, statement, statement);
    const [made] = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [];
    const value = made?.initializer;
    return value && ts.isArrowFunction(value) ? docs(file, statement, value) : [];
  });
}

function docs(file: ts.SourceFile, place: ts.Node, callable: ts.Node) {
  const ranges = ts.getLeadingCommentRanges(file.text, place.getFullStart()) ?? [];
  const doc = ranges.findLast(({ pos }) => file.text.startsWith('/**', pos));
  return doc ? [{ ...comment(file, doc), isPredicate: isPredicate(callable) }] : [];
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? statement.modifiers : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function isPublic(member: ts.ClassElement): boolean {
  const isCallable = ts.isMethodDeclaration(member) || ts.isGetAccessor(member);
  return isCallable && !ts.isPrivateIdentifier(member.name);
}

function isPredicate(node: ts.Node): boolean {
  const type = ts.isFunctionLike(node) ? node.type : undefined;
  return type !== undefined && (type.kind === ts.SyntaxKind.BooleanKeyword || ts.isTypePredicateNode(type));
}
