/** A key that a remote service keeps (CSC API v2, credentials/info). */
export interface RemoteCredential {
  id: string;
  /** DER, the holder's own first. */
  chain: Buffer[];
  /** How many hashes one authorisation may cover. */
  multisign: number;
}

/** What the holder gave the service's own page, and what proves that it was asked for here (RFC 6749 §4.1, RFC 7636). */
export interface RemoteGrant {
  code: string;
  codeVerifier: string;
  /** The widget's page that the service sent the holder back to. */
  redirectUri: string;
}

export interface RemoteVisit {
  /** To see the credentials, or to authorise one to sign these hashes and no others (SCAL2). */
  scope: 'service' | 'credential';
  state: string;
  redirectUri: string;
  /** S256 of the verifier. */
  codeChallenge: string;
  credentialId?: string;
  digests?: readonly Buffer[];
  /** Shown by the service where it shows such things. */
  clientData?: string;
}

/**
 * A remote signing service that the axis is registered with. Tokens live within one call and are never kept: what one visit of the
 * holder allows is done once.
 * Calls throw TrucError `signing.remote-refused` (with what the service said) and `signing.remote-unavailable`.
 */
export interface RemoteSigning {
  /** Address of the service's own page. */
  visit(wanted: RemoteVisit): string;
  credentials(grant: RemoteGrant): Promise<RemoteCredential[]>;
  /** @returns values in the order of the digests (SHA-256): RSA PKCS #1 v1.5, ECDSA as the service gives it */
  sign(grant: RemoteGrant, credentialId: string, digests: readonly Buffer[]): Promise<Buffer[]>;
}
