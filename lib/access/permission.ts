// That a principal may use a method and path, and by which of its grants; and the one function that puts rows together.

import { ApiError } from '../base/errors.ts';
import type { Variables } from '../condition/filter.ts';
import { Predicate } from '../condition/predicate.ts';
import type { Grant, RowsOf } from './grant.ts';
import type { Principal } from './principal.ts';

export class Permission {
  readonly principal: Principal;
  /** The permitting grants: only they open anything. */
  readonly permitting: readonly Grant[];

  private constructor(principal: Principal, permitting: readonly Grant[]) {
    this.principal = principal;
    this.permitting = permitting;
  }

  /**
   * @param path the canonical path
   * @throws ApiError `endpoint_not_permitted` if no grant permits the method and path
   */
  static decide(principal: Principal, method: string, path: string): Permission {
    const permitting = permittingGrants(principal, method, path);
    if (permitting.length > 0) return new Permission(principal, permitting);
    const detail = `${method} ${path} is not among the caller's permitted endpoints`;
    throw new ApiError('endpoint_not_permitted', detail);
  }

  /** The own grant if it does not permit: a boundary that every opening stands inside. One that permits is the opening. */
  get boundary(): Grant | undefined {
    const { own } = this.principal;
    return own && !this.permitting.includes(own) ? own : undefined;
  }

  /**
   * The rows of an action: inside the own boundary, and opened by a grant. Each row rule, of reads, of writes before and
   * after, and of the audit, is made here.
   * @param table its name; `undefined` for rows about no table @param opening the grants that may open them
   */
  rows(
    of: RowsOf,
    table: string | undefined,
    variables: Variables,
    opening: readonly Grant[] = this.permitting,
  ): Predicate {
    const { boundary } = this;
    const rows = (grant: Grant) => grant.rows(of, table, variables);
    return Predicate.all([...(boundary ? [rows(boundary)] : []), Predicate.any(opening.map(rows))]);
  }
}

/** The own grant alone if it permits, else the OIDC grants that do. */
export function permittingGrants({ own, oidcGrants }: Principal, method: string, path: string): readonly Grant[] {
  return own?.permits(method, path) ? [own] : oidcGrants.filter((grant) => grant.permits(method, path));
}

/** Every grant of a principal, permitting or not: each of them restricts. */
export function grantsOf({ own, oidcGrants }: Principal): readonly Grant[] {
  return own ? [own, ...oidcGrants] : oidcGrants;
}
