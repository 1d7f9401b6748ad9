// Finds the resource of a path as API Gateway does: text before parameters, the whole path, as it was sent.

import type { MethodModel, RouteModel } from './template-routes.ts';

export type Match = {
  readonly resource: string;
  readonly method: MethodModel;
  /** As sent: a REST API decodes no path parameter. */
  readonly pathParameters: ReadonlyMap<string, string>;
};

type Node = {
  readonly children: Map<string, Node>;
  parameter?: { readonly name: string; readonly greedy: boolean; readonly node: Node };
  route?: RouteModel;
};

type Found = { readonly route: RouteModel; readonly values: readonly (readonly [string, string])[] };

/** `match(method, path)`; undefined for an unknown route and for an unknown method of a known one, alike on AWS. */
export type Router = (method: string, path: string) => Match | undefined;

export function createRouter(routes: readonly RouteModel[]): Router {
  const root = newNode();
  for (const route of routes) nodeOf(root, segmentsOf(route.resource)).route = route;
  return (method, path) => {
    const found = find(root, segmentsOf(path));
    const model = found?.route.methods.get(method) ?? found?.route.methods.get('ANY');
    if (!found || !model) return undefined;
    return { resource: found.route.resource, method: model, pathParameters: new Map(found.values) };
  };
}

function newNode(): Node {
  return { children: new Map() };
}

/** A trailing slash means nothing to API Gateway; an empty segment inside a path matches nothing. */
function segmentsOf(path: string): readonly string[] {
  const trimmed = path.replace(/^\//, '').replace(/\/+$/, '');
  return trimmed === '' ? [] : trimmed.split('/');
}

function nodeOf(root: Node, segments: readonly string[]): Node {
  let node = root;
  for (const segment of segments) {
    const name = /^\{(.+?)(\+?)\}$/.exec(segment);
    if (name) {
      node.parameter ??= { name: name[1] as string, greedy: name[2] === '+', node: newNode() };
      node = node.parameter.node;
    } else {
      const child = node.children.get(segment) ?? newNode();
      node.children.set(segment, child);
      node = child;
    }
  }
  return node;
}

function find(node: Node, segments: readonly string[]): Found | undefined {
  const [first, ...rest] = segments;
  if (first === undefined) return node.route && { route: node.route, values: [] };
  const child = node.children.get(first);
  const literal = child && find(child, rest);
  if (literal || !node.parameter || first === '') return literal;
  const { name, greedy, node: inner } = node.parameter;
  const found = greedy ? find(inner, []) : find(inner, rest);
  return found && { route: found.route, values: [[name, greedy ? segments.join('/') : first], ...found.values] };
}
