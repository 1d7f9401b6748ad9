// What the rules of the house find in one source file, read as a syntax tree: a word in a comment or a text is no use.

import ts from 'typescript';

/** One thing found, as `12: Date.now()`; the number is the line. */
type Finding = string;

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'];
const EFFECTS = new Set(['process', 'console', 'fetch', 'crypto', 'performance', 'globalThis', 'require', ...TIMERS]);
const EFFECT_MEMBERS = new Set(['Date.now', 'Math.random']);
const BRANCHES = new Map([
  [ts.SyntaxKind.IfStatement, 'if'],
  [ts.SyntaxKind.ConditionalExpression, '?:'],
  [ts.SyntaxKind.SwitchStatement, 'switch'],
  [ts.SyntaxKind.TryStatement, 'try'],
]);
const STATUS_NUMBER = 100;

export class Source {
  readonly #file: ts.SourceFile;

  constructor(path: string, text: string) {
    this.#file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  }

  get lines(): number {
    const text = this.#file.text;
    return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  }

  /** True if the file begins with a comment that says its job (a program's first line may be `#!`). */
  get hasHeader(): boolean {
    return /^(?:#!.*\n)?(?:\/\/|\/\*)/.test(this.#file.text);
  }

  /** Clock, randomness, process, console, network, timers. */
  effects(): Finding[] {
    return this.#find((node) => {
      if (ts.isPropertyAccessExpression(node)) return EFFECT_MEMBERS.has(node.getText()) ? node.getText() : undefined;
      if (isClockRead(node)) return 'new Date()';
      return ts.isIdentifier(node) && EFFECTS.has(node.text) && isReference(node) ? node.text : undefined;
    });
  }

  /** What wiring does not have: branches, `try`, numbers that could be a status. */
  decisions(): Finding[] {
    return this.#find((node) => {
      if (ts.isNumericLiteral(node) && Number(node.text) >= STATUS_NUMBER) return node.text;
      return BRANCHES.get(node.kind);
    });
  }

  /** Functions longer than `cap` lines, from their first line to their last. */
  longFunctions(cap: number): Finding[] {
    return this.#find((node) => {
      if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return undefined;
      const lines = this.#line(node.end) - this.#line(node.getStart()) + 1;
      return lines > cap ? `${node.name?.getText() ?? 'a function'} has ${lines} lines` : undefined;
    });
  }

  defaultExports(): Finding[] {
    return this.#find((node) => {
      const named = ts.isExportSpecifier(node) && node.name.text === 'default';
      const modified =
        ts.canHaveModifiers(node) && node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
      return named || modified || ts.isExportAssignment(node) ? 'export default' : undefined;
    });
  }

  #line(position: number): number {
    return this.#file.getLineAndCharacterOfPosition(position).line + 1;
  }

  #find(describe: (node: ts.Node) => string | undefined): Finding[] {
    const found: Finding[] = [];
    const visit = (node: ts.Node): void => {
      const text = describe(node);
      if (text !== undefined) found.push(`${this.#line(node.getStart())}: ${text}`);
      ts.forEachChild(node, visit);
    };
    visit(this.#file);
    return found;
  }
}

function isClockRead(node: ts.Node): boolean {
  const made = ts.isNewExpression(node) && (node.arguments?.length ?? 0) === 0;
  const called = ts.isCallExpression(node);
  return (made || called) && ts.isIdentifier(node.expression) && node.expression.text === 'Date';
}

/** False for names that only look like the global: `a.process`, `{ fetch: 1 }`, a type's member, a type. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isQualifiedName(parent)) return nameOf(parent) !== node;
  if (ts.isPropertyAssignment(parent) || ts.isTypeElement(parent) || ts.isClassElement(parent)) {
    return parent.name !== node;
  }
  return true;
}

function nameOf(node: ts.PropertyAccessExpression | ts.QualifiedName): ts.Node {
  return ts.isPropertyAccessExpression(node) ? node.name : node.right;
}
