// Prunes an audit row for one caller. An unrestricted caller sees it whole; a restricted one sees its own rows, the changes of
// others, and of either the images that it may read today. A row on which a filter cannot be decided is not shown.

import { type AuditPolicy, INTERNAL } from '../access/audit-policy.ts';
import type { Policy } from '../access/policy.ts';
import { attribute, type Item, itemOf, mapOf, textOf, type Value, withAttributes } from '../base/value.ts';
import type { Condition } from '../condition/condition.ts';
import { evaluator } from '../condition/evaluate.ts';
import { pathsOf } from '../condition/paths.ts';
import { keyNames } from '../definition/table.ts';
import { isCut } from './cut.ts';
import { type ImageRow, imageItem } from './images.ts';
import { isSensitive, sensitiveNames } from './mask.ts';
import { pruneRow } from './prune-row.ts';
import { readImages, type WholeImages, wholeImages } from './whole-images.ts';

/** A row and its further rows, as stored. */
export type AuditRecord = readonly Item[];

/** A row that the caller may know of, with its images unpacked. */
export type OpenedRow = {
  readonly row: Item;
  readonly images: ImageRow;
  readonly whole: WholeImages;
  readonly table: string | undefined;
  readonly isOwn: boolean;
};

const IMAGES = ['after', 'before', 'added'];
const COMMON = ['time', 'id', 'action', 'outcome', 'method', 'path', 'resource', 'request_id', 'expire_time'];

/** Shows audit rows to one caller; each condition is prepared once for all rows. */
export class AuditViewer {
  readonly #policy: AuditPolicy;
  readonly #now: number;
  readonly #tests = new Map<Condition, (item: Item) => boolean>();
  /** The decidable conditions by table: a condition may be on two tables, which mask different attributes. */
  readonly #decidable = new Map<Policy | undefined, Map<Condition, boolean>>();

  /** @param now seconds since 1970 */
  constructor(policy: AuditPolicy, now: number) {
    this.#policy = policy;
    this.#now = now;
  }

  /** Returns the row as shown; `undefined` if the caller may not know of it. */
  show(record: AuditRecord): Item | undefined {
    const opened = this.open(record);
    if (!opened) return undefined;
    const { isRestricted } = this.#policy;
    const row = isRestricted ? this.#restrictedRow(opened) : opened.row;
    return row && pruneRow(row, this.#policy.hiddenOf(opened.table), isRestricted);
  }

  /** Returns the row with its images; `undefined` if it has expired or the caller's audit filters do not accept it. */
  open(record: AuditRecord): OpenedRow | undefined {
    const [first] = record;
    const expiry = first && attribute(first, 'expire_time');
    if (!first || (expiry && !('N' in expiry && Number(expiry.N) > this.#now))) return undefined;
    const images = readImages(record);
    const row = withAttributes(first, imageItem(images), INTERNAL);
    const table = textOf(mapOf(row, 'resource'), 'table');
    const accepted = this.#policy.acceptedRows(table);
    if (!this.#canDecide(accepted, table) || !this.#accepts(accepted, row)) return undefined;
    return { row, images, whole: wholeImages(images), table, isOwn: this.#isOwn(mapOf(row, 'user')) };
  }

  /** True if the caller's read filters accept an image of a table's item. */
  sees(table: string | undefined, image: Item | undefined): boolean {
    const policy = this.#policy.policyOf(table);
    if (!policy || !image) return false;
    return this.#canDecide(policy.images, table) && this.#accepts(policy.images, image);
  }

  /** Returns the user of a row, of which a restricted caller sees only the name unless it is itself. */
  user({ row, isOwn }: OpenedRow): Value {
    const user = mapOf(row, 'user');
    return { M: isOwn || !this.#policy.isRestricted ? user : only(user, ['username']) };
  }

  /** True if a condition names no masked attribute: a mask is not the value that a filter means. */
  #canDecide(condition: Condition, table: string | undefined): boolean {
    const policy = this.#policy.policyOf(table);
    const known = this.#decidable.get(policy) ?? new Map<Condition, boolean>();
    this.#decidable.set(policy, known);
    const decidable = known.get(condition) ?? this.#namesNoMask(condition, policy);
    known.set(condition, decidable);
    return decidable;
  }

  #namesNoMask(condition: Condition, policy: Policy | undefined): boolean {
    const sensitive = sensitiveNames(policy ? [policy.table] : this.#policy.tables);
    return !pathsOf(condition).some((path) => path.some((step) => isSensitive(String(step), sensitive)));
  }

  #accepts(condition: Condition, item: Item): boolean {
    const test = this.#tests.get(condition) ?? evaluator(condition);
    this.#tests.set(condition, test);
    return test(item);
  }

  /** True if the user of a row is the caller. An id that was cut is nobody's, as two ids may begin alike. */
  #isOwn(user: Item): boolean {
    return this.#policy.isOwn(user) && !isCut(textOf(user, 'id') ?? '');
  }

  /** Returns a restricted caller's row: its own whatever the images, others' only if it is a change with a visible image. */
  #restrictedRow(opened: OpenedRow): Item | undefined {
    const images = imageItem(this.#shownImages(opened));
    if (opened.isOwn) return withAttributes(withAttributes(opened.row, itemOf([]), IMAGES), images);
    const { row, table } = opened;
    const policy = this.#policy.policyOf(table);
    if (!policy || Object.keys(images).length === 0 || textOf(row, 'outcome') !== 'ok') return undefined;
    const isKeyShown = keyNames(policy.table).every((name) => policy.hidden.place([name]) === 'apart');
    const common = COMMON.filter((name) => name !== 'path' || isKeyShown);
    return withAttributes(only(row, common), withAttributes(itemOf([['user', this.user(opened)]]), images));
  }

  /** Returns the images that the caller's read filters accept; what changed only if they accept both. */
  #shownImages({ whole, table, images }: OpenedRow): ImageRow {
    const after = this.sees(table, whole.after);
    const before = this.sees(table, whole.before);
    return {
      ...(after && whole.after && { after: whole.after }),
      ...(before && whole.before && { before: (after && images.before) || whole.before }),
      ...(after && before && images.added && { added: images.added }),
    };
  }
}

function only(item: Item, names: readonly string[]): Item {
  return itemOf(Object.entries(item).filter(([name]) => names.includes(name)));
}
