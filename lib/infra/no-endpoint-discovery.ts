// Replaces @aws-sdk/middleware-endpoint-discovery in the Lambdas' bundles: every DynamoDB call uses its region's endpoint,
// and the cache of endpoints alone is 8 KB.

/** Returns the config unchanged, as the package does if discovery is off. */
export const resolveEndpointDiscoveryConfig = <T>(config: T): T => config;

const unset = (): undefined => undefined;

export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: unset,
  configFileSelector: unset,
  default: undefined,
};
