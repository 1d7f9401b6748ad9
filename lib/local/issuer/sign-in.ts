// Chooses the issuer whose tokens the local runtime accepts: the one that `--oidc-issuer` names, or the development issuer
// that runs within. Either replaces the template's issuer, whose tokens nobody has on this machine.

import type { Api } from '../../definition/api.ts';
import type { CloudModel } from '../template/template.ts';
import { UsageError } from '../usage-error.ts';
import { type DevelopmentIssuer, developmentIssuer, ISSUER_PATH } from './development-issuer.ts';
import { issuerKeys } from './issuer-keys.ts';
import { type TokenVerifier, tokenVerifier } from './token-verifier.ts';

export type SignIn = {
  /** Undefined for the development issuer's own, which is known with the port. */
  readonly issuer?: string | undefined;
  readonly audience: readonly string[];
  readonly development?: DevelopmentIssuer | undefined;
};

export type SignInOptions = {
  readonly oidcIssuer?: string | undefined;
  readonly oidcAudience?: string | undefined;
};

type Served = {
  readonly model: Pick<CloudModel, 'httpApi'>;
  readonly signIn?: SignIn | undefined;
  readonly host: string;
  readonly log: (line: string) => void;
};

/** Throws UsageError for options that do not fit together, or to the definition. */
export async function signInOf(
  { auth }: Api,
  { oidcIssuer, oidcAudience }: SignInOptions,
): Promise<SignIn | undefined> {
  checkOptions(oidcIssuer, oidcAudience, auth.oidc !== undefined);
  if (!auth.oidc) return undefined;
  const audience = oidcAudience === undefined ? auth.oidc.audience : [oidcAudience];
  if (oidcIssuer !== undefined) return { issuer: oidcIssuer, audience };
  return { audience, development: await developmentIssuer({ audience, names: auth.oidc.claims }) };
}

function checkOptions(issuer: string | undefined, audience: string | undefined, hasOidc: boolean): void {
  if (issuer === undefined && audience === undefined) return;
  if (!hasOidc) throw new UsageError('--oidc-issuer is for an API with auth.oidc; the definition has none');
  if (issuer === undefined) throw new UsageError('--oidc-audience needs --oidc-issuer URL');
  if (URL.canParse(issuer) && /^https?:$/.test(new URL(issuer).protocol)) return;
  throw new UsageError(
    `--oidc-issuer ${issuer} is no URL; give what the issuer's tokens say, for example https://id.example.com`,
  );
}

/** The issuer that the HTTP API trusts; `undefined` if there is none. */
export function issuerOf({ model, signIn, host }: Omit<Served, 'log'>, port: number): string | undefined {
  if (signIn?.issuer !== undefined) return signIn.issuer;
  if (signIn?.development) return `${urlOf(host, port)}${ISSUER_PATH}`;
  return model.httpApi?.authorizer.issuer;
}

/** Checks tokens in the place of the template's authorizer. */
export function verifierOf(served: Served, port: number): TokenVerifier | undefined {
  const { model, signIn, log } = served;
  const authorizer = model.httpApi?.authorizer;
  const issuer = issuerOf(served, port);
  if (!authorizer || issuer === undefined) return undefined;
  const audience = signIn?.audience ?? authorizer.audience;
  return tokenVerifier({ issuer, audience, keys: issuerKeys({ issuer, log }) });
}

/** The URL at which the runtime answers on this machine; an address that means "every one" is no place to call. */
function urlOf(host: string, port: number): string {
  const [every4, every6] = ['0.0.0.0', '::'];
  const name = host === every4 ? '127.0.0.1' : host === every6 ? '::1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
