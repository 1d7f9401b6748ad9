// Decides by which of its grants a principal may use a method and path, and combines the row filters of its grants.

import { ApiError } from '../base/errors.ts';
import type { Variables } from '../condition/filter.ts';
import { Predicate } from '../condition/predicate.ts';
import type { Grant, RowsOf } from './grant.ts';
import type { Principal } from './principal.ts';

export class Permission {
  readonly principal: Principal;
  /** The grants that permit the method and path: only these admit rows. */
  readonly permitting: readonly Grant[];

  private constructor(principal: Principal, permitting: readonly Grant[]) {
    this.principal = principal;
    this.permitting = permitting;
  }

  /**
   * Returns the permission for a method and path.
   * @param path the canonical path
   * @throws ApiError `endpoint_not_permitted` if no grant permits the method and path
   */
  static decide(principal: Principal, method: string, path: string): Permission {
    const permitting = permittingGrants(principal, method, path);
    if (permitting.length > 0) return new Permission(principal, permitting);
    const detail = `${method} ${path} is not among the caller's permitted endpoints`;
    throw new ApiError('endpoint_not_permitted', detail);
  }

  /** The own grant if it does not permit the request, as rows must then pass it as well; `undefined` otherwise. */
  get boundary(): Grant | undefined {
    const { own } = this.principal;
    return own && !this.permitting.includes(own) ? own : undefined;
  }

  /**
   * Returns the predicate of the rows of an action: the boundary and at least one of `opening` must accept them. Every row rule
   * is made here: of reads, of items before and after a write, and of the audit.
   * @param table its name; `undefined` for rows about no table @param opening the grants that may admit rows
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

/** Returns the own grant alone if it permits, else the OIDC grants that do. */
export function permittingGrants({ own, oidcGrants }: Principal, method: string, path: string): readonly Grant[] {
  return own?.permits(method, path) ? [own] : oidcGrants.filter((grant) => grant.permits(method, path));
}

/** Returns every grant of a principal, permitting or not: each of them restricts. */
export function grantsOf({ own, oidcGrants }: Principal): readonly Grant[] {
  return own ? [own, ...oidcGrants] : oidcGrants;
}
