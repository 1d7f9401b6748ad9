// Finds the resource of a path as API Gateway does: text before parameters, the whole path.

import type { MethodModel, RouteModel } from '../template/template-routes.ts';

export type Match<Method = MethodModel> = {
  readonly resource: string;
  readonly method: Method;
  /** The parameters as they stand in the path: a REST API matches the path as it was sent, an HTTP API decoded. */
  readonly pathParameters: ReadonlyMap<string, string>;
};

type Node<Method> = {
  readonly children: Map<string, Node<Method>>;
  parameter?: { readonly name: string; readonly greedy: boolean; readonly node: Node<Method> };
  route?: RouteModel<Method>;
};

type Found<Method> = { readonly route: RouteModel<Method>; readonly values: readonly (readonly [string, string])[] };

/** Matches a request; `undefined` for an unknown route, and, as on AWS, for an unknown method of a known one. */
export type Router<Method = MethodModel> = (method: string, path: string) => Match<Method> | undefined;

export function createRouter<Method>(routes: readonly RouteModel<Method>[]): Router<Method> {
  const root = newNode<Method>();
  for (const route of routes) nodeOf(root, segmentsOf(route.resource)).route = route;
  return (method, path) => {
    const found = find(root, segmentsOf(path));
    const model = found?.route.methods.get(method) ?? found?.route.methods.get('ANY');
    if (!found || !model) return undefined;
    return { resource: found.route.resource, method: model, pathParameters: new Map(found.values) };
  };
}

function newNode<Method>(): Node<Method> {
  return { children: new Map() };
}

/** A trailing slash means nothing to API Gateway; an empty segment inside a path matches nothing. */
function segmentsOf(path: string): readonly string[] {
  const trimmed = path.replace(/^\//, '').replace(/(?<!\/)\/+$/, '');
  return trimmed === '' ? [] : trimmed.split('/');
}

function nodeOf<Method>(root: Node<Method>, segments: readonly string[]): Node<Method> {
  let node = root;
  for (const segment of segments) {
    const name = /^\{(.+?)(\+?)\}$/.exec(segment);
    if (name) {
      node.parameter ??= { name: name[1] as string, greedy: name[2] === '+', node: newNode<Method>() };
      node = node.parameter.node;
    } else {
      const child = node.children.get(segment) ?? newNode<Method>();
      node.children.set(segment, child);
      node = child;
    }
  }
  return node;
}

function find<Method>(node: Node<Method>, segments: readonly string[]): Found<Method> | undefined {
  const [first, ...rest] = segments;
  if (first === undefined) return node.route && { route: node.route, values: [] };
  const child = node.children.get(first);
  const literal = child && find(child, rest);
  if (literal || !node.parameter || first === '') return literal;
  const { name, greedy, node: inner } = node.parameter;
  const found = greedy ? find(inner, []) : find(inner, rest);
  return found && { route: found.route, values: [[name, greedy ? segments.join('/') : first], ...found.values] };
}
