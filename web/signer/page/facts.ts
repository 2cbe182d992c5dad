import type { PreparedDocument, Session, SessionDocument, SignedDocument } from './api.ts';
import type { Bytes } from './checks/bytes.ts';
import type { Checked } from './checks/checks.ts';
import type { SignerError } from './errors.ts';
import type { Box } from './placing.ts';
import type { Visit } from './providers/csc/visit.ts';
import type { Credential, ProviderId } from './providers/provider.ts';

/** One document of the ceremony, and what has become of it. */
export interface Item {
  document: SessionDocument;
  /** The version as it was granted. */
  bytes: Bytes;
  /** Whether it was on screen: nothing else is signed. */
  isSeen: boolean;
  /** Whether the official wants it signed with the others. */
  isWanted: boolean;
  prepared: PreparedDocument | null;
  checked: Checked | null;
  /** Where the signature is drawn. */
  box: Box | null;
  signed: SignedDocument | null;
  /** Why this one is left out, where the others go on. */
  error: SignerError | null;
}

/** Everything that the screen shows. */
export interface Facts {
  session: Session | null;
  items: readonly Item[];
  /** Which of them is on screen. */
  current: number;
  /** Ways of signing that have failed so far: the next one is proposed first. */
  failedProviders: readonly ProviderId[];
  /** What there is to choose from, where a provider has several certificates. */
  credentials: readonly Credential[];
  credential: Credential | null;
  /** Six digits for everything that is signed now. */
  code: string;
  /** Whether the checks were made again because too long had gone since. */
  isRenewed: boolean;
  /** What the official compares or is told while an agent works. */
  pairingCode: string | null;
  /** A page of the signing service that the official has to visit. */
  visit: Visit | null;
  /** Whether the key has made its signatures already. */
  isSigned: boolean;
  error: SignerError | null;
}

export function newFacts(): Facts {
  return {
    session: null,
    items: [],
    current: 0,
    failedProviders: [],
    credentials: [],
    credential: null,
    code: '',
    isRenewed: false,
    pairingCode: null,
    visit: null,
    isSigned: false,
    error: null,
  };
}

/** The documents that will be signed together. */
export function readyItems(items: readonly Item[]): Item[] {
  return items.filter(({ checked, error, signed }) => checked !== null && error === null && signed === null);
}
