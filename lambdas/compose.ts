// Wires one endpoint of the API definition to DynamoDB and the gateway.

import api from '#api';
import { findEndpoint } from '../lib/definition/endpoint.ts';
import { type Handler, serve } from '../lib/http/serve.ts';
import type { Operate } from '../lib/operations/request/request-context.ts';
import { createPorts } from '../lib/store/ports.ts';

/** Returns the handler of the endpoint that the Lambda's environment names. */
export function compose(operate: Operate): Handler {
  const endpoint = findEndpoint(api.endpoints, process.env['ENDPOINT']);
  return serve({ api, endpoint, ports: createPorts(process.env), operate });
}
