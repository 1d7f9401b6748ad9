// The command blocks of documents, as steps: a command, and what the page says that it prints.
//
// In a ```sh block the comment lines directly below a command are its output, whole; `…` stands for anything. A comment on
// what is done stands above the command, at the block's begin or behind an empty line. A block that cannot run in a test
// says so, and why: ```sh no-run: needs an AWS account

export type Step = {
  readonly command: string;
  /** The output as the page has it; undefined: the page shows none. */
  readonly shown: string | undefined;
  /** Its line in the page, from 1. */
  readonly line: number;
};

export type CommandBlock = {
  readonly line: number;
  /** Why it does not run; undefined: it runs. */
  readonly reason: string | undefined;
  readonly steps: readonly Step[];
};

const FENCE = /^```(\w*)(.*)$/;
const SHELLS = ['sh', 'bash', 'shell', 'console'];

/** @throws Error for a block that is neither runnable nor marked, with its place */
export function commandBlocks(page: string, text: string): readonly CommandBlock[] {
  const blocks: CommandBlock[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const [, language = '', note = ''] = FENCE.exec(lines[at] ?? '') ?? [];
    if (language === '') continue;
    const end = lines.indexOf('```', at + 1);
    if (end < 0) throw new Error(`${page}:${at + 1}: the block has no end`);
    if (SHELLS.includes(language)) {
      const reason = reasonOf(note.trim(), `${page}:${at + 1}`);
      blocks.push({ line: at + 1, reason, steps: reason === undefined ? stepsOf(page, lines, at + 1, end) : [] });
    }
    at = end;
  }
  return blocks;
}

function reasonOf(note: string, place: string): string | undefined {
  if (note === '') return undefined;
  const reason = /^no-run: (\S.*)$/.exec(note)?.[1];
  if (reason === undefined) throw new Error(`${place}: "${note}" is no mark; write "no-run: " and the reason`);
  return reason;
}

function stepsOf(page: string, lines: readonly string[], from: number, to: number): readonly Step[] {
  const steps: Step[] = [];
  for (let at = from; at < to; ) {
    const line = lines[at] ?? '';
    if (line === '') at += 1;
    else if (line.startsWith('#')) at = behindComment(page, lines, at);
    else {
      const command = takeWhile(lines, at, (_, before) => before === undefined || isOpen(before));
      refuseUnknown(command, `${page}:${at + 1}`);
      const output = takeWhile(lines, at + command.length, (each) => each.startsWith('#'));
      const shown = output.length > 0 ? output.map((each) => each.replace(/^# ?/, '')).join('\n') : undefined;
      steps.push({ command: command.join('\n'), shown, line: at + 1 });
      at += command.length + output.length;
    }
  }
  return steps;
}

/** A comment that stands apart from any command is most likely an output that nobody compares. */
function behindComment(page: string, lines: readonly string[], at: number): number {
  const comment = takeWhile(lines, at, (line) => line.startsWith('#'));
  const behind = at + comment.length;
  if (['', '```'].includes(lines[behind] ?? '')) throw new Error(`${page}:${at + 1}: a comment without a command`);
  return behind;
}

function isOpen(command: string): boolean {
  return command.endsWith('\\');
}

function takeWhile(
  lines: readonly string[],
  from: number,
  holds: (line: string, before: string | undefined) => boolean,
): readonly string[] {
  const taken: string[] = [];
  while (from + taken.length < lines.length && holds(lines[from + taken.length] as string, taken.at(-1)))
    taken.push(lines[from + taken.length] as string);
  return taken;
}

const RUNNABLE = /^(?:\w+=\$\(|printf [^|;]* \| )?(?:curl|npx tablegate (?:token|records)) |^\w+=[^$]*$/;

function refuseUnknown([first = '']: readonly string[], place: string): void {
  if (!RUNNABLE.test(first)) throw new Error(`${place}: no test runs "${first}"; mark the block: \`\`\`sh no-run: why`);
}

/** What a shown output stands for: text as it is, `…` for anything. */
export function pattern(shown: string): RegExp {
  const parts = shown.split(/\s*…\s*/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*')}\\s*$`);
}
