// Describes an error for logs by its names and stack frames. Its message is left out: it may quote a value that a caller sent,
// or one that no caller may see.

export type ErrorDescription = {
  readonly name: string;
  /** Stack frames such as `create (/var/task/index.cjs:37:1204)`, innermost first. */
  readonly frames: readonly string[];
  /** Error code of DynamoDB or Node, such as `ECONNRESET`. */
  readonly code?: string;
  /** Id that AWS gave the failed call. */
  readonly aws_request_id?: string;
  readonly cause?: ErrorDescription;
};

const MAX_FRAMES = 30;
const MAX_CAUSES = 3;
/** Accepts names and codes, which are identifiers; other text might be a message or hold data. */
const WORD = /^[\w.$-]{1,100}$/;
const FRAME = /^\s+at ((?:[\w.$<>#[\] ]{1,150} \()?[^\s()]{1,250}:\d+:\d+\)?)$/;

export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  const { code, $metadata } = error as { code?: unknown; $metadata?: { requestId?: unknown } };
  const awsId = $metadata?.requestId;
  const cause = error.cause !== undefined && depth < MAX_CAUSES ? describeError(error.cause, depth + 1) : undefined;
  return {
    name: isWord(error.name) ? error.name : 'Error',
    ...(isWord(code) && { code }),
    ...(isWord(awsId) && { aws_request_id: awsId }),
    frames: framesOf(error),
    ...(cause && { cause }),
  };
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && WORD.test(value);
}

/** Returns the frames below the message, which may itself have lines that look like frames. */
function framesOf({ stack = '', message }: Error): readonly string[] {
  const end = message === '' ? -1 : stack.indexOf(message);
  const below = end < 0 ? stack : stack.slice(end + message.length);
  const lines = below.split('\n').slice(1);
  return lines.flatMap((line) => FRAME.exec(line)?.[1] ?? []).slice(0, MAX_FRAMES);
}
