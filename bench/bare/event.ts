// As much of a gateway event as a bare handler looks at.

export type BareEvent = {
  readonly pathParameters: Readonly<Record<string, string>> | null;
  readonly queryStringParameters: Readonly<Record<string, string>> | null;
  readonly requestContext: {
    readonly requestId: string;
    readonly identity: { readonly apiKeyId?: string; readonly sourceIp: string };
  };
  readonly body: string | null;
};
