// What a page of 1,000 rows costs the processor: the check of each row against its plan and the pruning, against the
// JSON that is written of that page.

import { prune } from '../../lib/access/prune.ts';
import { printItem } from '../../lib/base/json.ts';
import { toPlainItem } from '../../lib/base/plain.ts';
import { compare } from '../../lib/condition/condition.ts';
import { planRead } from '../../lib/plan/read-plan.ts';
import type { Figure } from '../figures.ts';
import { asRead, merging, policyOf } from '../merging.ts';
import { groupRecord, keyRecord } from '../records.ts';
import { FIVE_GROUPS, row } from '../rows.ts';
import type { Measure } from '../task.ts';
import { inTurns, type Turns } from '../turns.ts';

const ROWS = 1_000;

export const measurePage: Measure = async ({ runs }) => {
  const groups = FIVE_GROUPS.map((id) => groupRecord(id, {}));
  const policy = policyOf(merging(ROWS, { record: keyRecord('key-page', { groups: FIVE_GROUPS }), groups })(), ROWS);
  const plan = planRead(policy, compare(['created'], '>', { S: '2026' }), { limit: ROWS });
  const page = Array.from({ length: ROWS }, (_, at) => asRead(row(at)));
  const work = () => page.filter((item) => plan.accepts(item)).map((item) => prune(item, policy.hidden));
  const shown = work();
  if (shown.length !== ROWS) throw new Error('the plan does not accept the page');
  const plain = shown.map(toPlainItem);
  const side = (run: () => unknown) => ({ prepare: () => {}, run });
  const options = { turns: runs, perTurn: 2 };
  const own = await inTurns(
    side(work),
    side(() => shown.map(printItem)),
    options,
  );
  const builtIn = await inTurns(
    side(work),
    side(() => JSON.stringify(plain)),
    options,
  );
  const figure = figureOf(own, 'the JSON of the page');
  return {
    figures: [{ ...figure, target: { at: 'most', value: 0.5 } }, figureOf(builtIn, 'JSON.stringify of the page')],
  };
};

function figureOf({ ratio, milliseconds }: Turns, against: string): Figure {
  return {
    row: 'page',
    what: 'checking and pruning 1,000 rows',
    against,
    value: ratio,
    unit: '×',
    details: { milliseconds: milliseconds.a, referenceMilliseconds: milliseconds.b },
  };
}
