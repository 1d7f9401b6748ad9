// Stands in for @aws-sdk/middleware-endpoint-discovery in the Lambdas' bundles: no DynamoDB call of ours asks for another
// endpoint than its region's, and the cache of endpoints alone is 8 KB.

/** As the package's, which leaves everything as it is where discovery is off. */
export const resolveEndpointDiscoveryConfig = <T>(config: T): T => config;

const unset = (): undefined => undefined;

export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: unset,
  configFileSelector: unset,
  default: undefined,
};
