import type { Bytes } from '../checks/bytes.ts';
import { type ErrorCode, SignerError } from '../errors.ts';

export type ProviderId = 'soft' | 'vgca' | 'local' | 'csc';
export type KeyProtection = 'hardware' | 'remote' | 'software';

/** What stands between the page and a key, as far as a page can find out; `ready` or the reason why not. */
export type Availability = { state: 'ready'; version?: string } | { state: ErrorCode; detail?: string };

/** A certificate whose key can sign. */
export interface Credential {
  id: string;
  /** DER. */
  certificate: Bytes;
  chain: readonly Bytes[];
  keyProtection: KeyProtection;
  /** Common name of the subject. */
  holder: string;
  /** RFC 3339 UTC. */
  validTo: string;
}

export interface SignItem {
  /** DER SET of the signed attributes. */
  tbs: Bytes;
  /** SHA-256 of `tbs`: what the key signs. */
  digest: Bytes;
  hash: 'SHA-256';
  documentId: string;
  prepareId: string;
  title: string;
  /** SHA-256 of the version on screen, lower-case hexadecimal. */
  sha256: string;
  /** Octets of that version; what was prepared comes behind them. */
  size: number;
  byteRange: readonly number[];
  /** Where an agent gets the prepared bytes itself, for five minutes. */
  preparedUrl: string | null;
}

/** What an agent or a phone shows before it signs. */
export interface Display {
  /** The page that holds the widget. */
  origin: string;
  title: string;
  code: string;
  signer: string;
  capacity: string;
  count: number;
}

export interface SignRequest {
  credential: Credential;
  items: readonly SignItem[];
  display: Display;
  signal: AbortSignal;
}

export interface Signatures {
  /** In the order of the items; null where the provider signed the others and not this one. */
  values: readonly Bytes[];
  /** How ECDSA values are written; RSA values are the octets. */
  encoding: 'der' | 'ieee-p1363';
}

/**
 * Where keys are: a file, an agent on this machine, a service far away. One instance lives for one ceremony. What fails is a
 * SignerError; nothing is connected to before `probe`, which follows a click.
 */
export interface SignProvider {
  readonly id: ProviderId;
  /** `digest` signs what was prepared and checked here; `file` fetches the document, writes the signature into it and brings it back. */
  readonly kind: 'digest' | 'file';
  probe(signal: AbortSignal): Promise<Availability>;
  listCredentials(o: { purpose: 'person' | 'agency'; signal: AbortSignal }): Promise<Credential[]>;
  sign(request: SignRequest): Promise<Signatures>;
  /** Of kind `file`: has the document fetched, signed and brought back. */
  signFile?(request: FileRequest): Promise<void>;
  /** Forgets keys, PINs and connections. */
  dispose(): void;
}

/** Addresses that work once each, for an agent that has no session. */
export interface FileRequest {
  downloadUrl: string;
  uploadUrl: string;
  /** What is signed as: `approve`, `seal`, … */
  action: string;
  signal: AbortSignal;
}

/** One way of signing that the session allows, in the order that the agency prefers. */
export interface ProviderOffer {
  id: ProviderId;
  /** Address of the agent on this machine, where it is one. */
  url?: string;
}

/** @throws SignerError with the reason where the provider cannot be used */
export async function mustBeReady(provider: SignProvider, signal: AbortSignal): Promise<void> {
  const found = await provider.probe(signal);
  if (found.state === 'ready') return;
  throw new SignerError(found.state, 'detail' in found ? (found.detail ?? null) : null);
}
