// The `tablegate` command: options in, exit code out. 0 done, 1 failed, 2 wrong usage.

import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { DevOptions } from '../lib/cli/dev/dev.ts';
import type { RecordsOptions } from '../lib/cli/records/records-command.ts';
import type { SeedOptions } from '../lib/cli/seed/seed-command.ts';
import type { TokenOptions } from '../lib/cli/token/token-command.ts';
import { UsageError } from '../lib/local/usage-error.ts';

const FAILED = 1;
const USAGE = 2;
const MAX_PORT = 65_535;
/** The time to stop, in milliseconds, after which the process ends all the same. */
const STOP_MS = 1_900;
const SHELL_POLL_MS = 100;

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

function program(): Command {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const command = new Command('tablegate');
  command.description('An access-controlled HTTP API in front of DynamoDB tables').version(version);
  command.exitOverride().showHelpAfterError('(--help tells more)');
  addDev(command);
  addSeed(command);
  addRecords(command);
  addToken(command);
  return command;
}

function addDev(command: Command): void {
  const dynamodb = new Option('--dynamodb <url>', 'a DynamoDB that runs already (default: one is started)');
  const engine = new Option('--engine <kind>', 'which DynamoDB to start').choices(['dynoxide', 'dynamodb-local']);
  command
    .command('dev')
    .description('serve the API on this machine, as it would be deployed')
    .option('--port <number>', 'where to listen; 0 takes a free port', parsePort, 3000)
    .option('--host <address>', 'what to listen on', '127.0.0.1')
    .option('--api <file>', "the API's definition (default: examples/items/api.ts)")
    .option('--seed <file>', "API keys, auth records, groups and rows (default: the example's)")
    .option('--data <folder>', 'where to keep the data (default: in memory)')
    .addOption(dynamodb.env('DYNAMODB_ENDPOINT'))
    .addOption(engine)
    .option(
      '--oidc-issuer <url>',
      "whose tokens are taken, for an API with auth.oidc (default: a development issuer's)",
    )
    .option('--oidc-audience <name>', "the audience of the issuer's tokens (default: the definition's)")
    .option('--verbose', 'print what the functions write to stdout too', false)
    .action(async (options: DevOptions) => {
      const { dev } = await import('../lib/cli/dev/dev.ts');
      await dev(options, stopSignal());
    });
}

function addSeed(command: Command): void {
  const collect = (value: string, previous: readonly string[] = []) => [...previous, value];
  command
    .command('seed')
    .argument('<file>', 'the seed file')
    .description('write auth records, groups and rows into the tables of a DynamoDB')
    .option('--api <file>', "the API's definition (default: examples/items/api.ts)")
    .addOption(new Option('--dynamodb <url>', "the DynamoDB (default: the account's)").env('DYNAMODB_ENDPOINT'))
    .option('--prefix <text>', "stands before each table's name")
    .option('--table <name=physical>', 'the physical name of a table; may be repeated', collect)
    .option('--json', 'print JSON', false)
    .action(
      async (file: string, { table = [], ...options }: Omit<SeedOptions, 'file' | 'tables'> & { table?: string[] }) => {
        const { seedCommand } = await import('../lib/cli/seed/seed-command.ts');
        await seedCommand({ file, tables: table, ...options });
      },
    );
}

function addRecords(command: Command): void {
  const records = command.command('records').description('auth records and groups that exist already');
  const kinds = new Option('--type <type>', 'with --fix, the type of records that nothing tells the kind of');
  records
    .command('check')
    .description('report records that would be refused, and filters that meant something else to Scoutr')
    .option('--auth <file>', 'auth records as JSON: a list, a seed file, or the output of aws dynamodb scan')
    .option('--groups <file>', 'groups as JSON')
    .option('--auth-table <name>', 'the table of auth records')
    .option('--groups-table <name>', 'the table of groups')
    .option('--api <file>', "the API's definition (default: examples/items/api.ts)")
    .addOption(new Option('--dynamodb <url>', "the DynamoDB (default: the account's)").env('DYNAMODB_ENDPOINT'))
    .option('--no-differences', 'leave out what only Scoutr understood otherwise')
    .option('--fix', 'add the types that are missing; prints the changes and writes nothing without --yes', false)
    .addOption(kinds.choices(['USERNAME', 'OIDC_GROUP']))
    .option('--yes', 'with --fix, write', false)
    .option('--json', 'print JSON', false)
    .action(async (options: RecordsOptions) => {
      const { recordsCommand } = await import('../lib/cli/records/records-command.ts');
      if (!(await recordsCommand(options))) process.exitCode = FAILED;
    });
}

function addToken(command: Command): void {
  const collect = (value: string, previous: readonly string[] = []) => [...previous, value];
  command
    .command('token')
    .description('print a token of the development issuer that `tablegate dev` runs')
    .requiredOption('--user <name>', 'who signs in')
    .option('--groups <names...>', 'the groups that the token names')
    .option('--name <text>', "the person's name")
    .option('--email <address>', "the person's address, as verified")
    .option('--claim <name=value>', 'a further claim, JSON or text; may be repeated', collect)
    .option('--expires-in <seconds>', 'how long it is valid', parseSeconds, 3600)
    .option('--url <url>', 'where `tablegate dev` answers', 'http://127.0.0.1:3000')
    .option('--json', 'print JSON', false)
    .action(async (options: TokenOptions) => {
      const { tokenCommand } = await import('../lib/cli/token/token-command.ts');
      await tokenCommand(options);
    });
}

function parseSeconds(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a number of seconds, 1 or more.');
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= MAX_PORT) return port;
  throw new InvalidArgumentError(`A port is a number from 0 to ${MAX_PORT}.`);
}

/** Aborted by the first signal to stop. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    // npm passes on the Ctrl-C that the terminal has sent to all: it comes twice.
    if (controller.signal.aborted) return;
    setTimeout(() => process.exit(FAILED), STOP_MS).unref();
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
  stopWithShell(stop);
  return controller.signal;
}

/** npm runs a script in a shell and sends its signals to the shell only, which ends of them without passing them on. */
function stopWithShell(stop: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const shell = process.ppid;
  const look = () => {
    if (process.ppid !== shell) stop();
  };
  setInterval(look, SHELL_POLL_MS).unref();
}

try {
  await program().parseAsync();
} catch (error) {
  process.exitCode = exitCode(error as Error);
}
// Ends the process although a library left an idle handle: all that was started is stopped by now.
process.exit();

function exitCode(error: Error): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  if (error instanceof UsageError) {
    error.lines.forEach((line, at) => {
      console.error(at === 0 ? `tablegate: ${line}` : line);
    });
    return USAGE;
  }
  console.error(`tablegate: ${error.message}`);
  return FAILED;
}
