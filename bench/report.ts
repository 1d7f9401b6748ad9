// The figures as a table for people, and as JSON.

import { type Estimate, type Figure, missedBy, type Target, type Use } from './figures.ts';
import { short } from './short.ts';

export type Report = {
  /** ISO 8601. */
  readonly date: string;
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  readonly engine: string;
  readonly sizes: readonly number[];
  readonly runs: number;
  readonly figures: readonly Figure[];
  readonly estimates: readonly Estimate[];
};

const COLUMNS = ['what', 'against', 'median', 'target', '', 'calls', 'read units', 'bytes'];
/** The columns of texts; the others are numbers and stand to the right. */
const TEXTS = [0, 1, 4];

export function printReport(report: Report): string {
  const { date, node, platform, cores, engine, sizes, runs, figures, estimates } = report;
  const head = `${date.slice(0, 10)}, ${platform}, ${cores} cores, Node ${node}, ${engine}; ${sizes.map(short).join(' / ')} rows, ${runs} turns`;
  const note = figures.some(({ referenceUse }) => referenceUse)
    ? '\nUse of DynamoDB by one request; after the slash, of what it is measured against.\n'
    : '';
  return `${head}\n\n${table([COLUMNS, ...figures.map(cells)])}${note}${printEstimates(estimates)}`;
}

export function jsonReport(report: Report): string {
  const figures = report.figures.map((figure) => ({ ...figure, missedBy: missedBy(figure) }));
  return `${JSON.stringify({ ...report, figures }, undefined, 2)}\n`;
}

function cells(figure: Figure): readonly string[] {
  const { what, against, value, unit, target, use, referenceUse } = figure;
  const used = (pick: (of: Use) => number): string => {
    if (!use) return '';
    return referenceUse ? `${short(pick(use))} / ${short(pick(referenceUse))}` : short(pick(use));
  };
  return [
    what,
    against,
    amount(value, unit),
    target
      ? `${target.at === 'most' ? '≤' : '≥'} ${unit === '×' ? amount(target.value, unit) : short(target.value)}`
      : '',
    target ? verdict(figure, target) : '',
    used(({ calls }) => calls),
    used(({ readUnits }) => readUnits),
    used(({ bytes }) => bytes),
  ];
}

function verdict(figure: Figure, { value }: Target): string {
  const missed = missedBy(figure);
  if (missed === 0) return 'met';
  return value === 0 ? `missed by ${short(figure.value)}` : `missed by ${Math.ceil(missed * 100)} %`;
}

function amount(value: number, unit: Figure['unit']): string {
  return unit === '×' ? `${value.toFixed(2)}×` : `${short(value)} ${unit}`;
}

function printEstimates(estimates: readonly Estimate[]): string {
  if (estimates.length === 0) return '';
  const rows = estimates.map(({ plan, what, estimated, reported }) => [
    plan,
    what,
    '',
    short(estimated),
    '',
    short(reported),
  ]);
  return `\n${table([['plan', 'of', '', 'estimated', '', 'reported'], ...rows])}`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, at) => (TEXTS.includes(at) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)));
  return rows.map((row) => `${line(row).join('  ').trimEnd()}\n`).join('');
}
