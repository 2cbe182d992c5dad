/**
 * What a certificate holder does to a document (NĐ 30/2020/NĐ-CP): initials it, signs it as the competent person
 * (art. 13), seals it for the agency (art. 32.2), or signs for the agency an annex in a file of its own or a copy
 * (Appendix I, part II.8b and III).
 */
export const SIGN_ACTIONS = ['initial', 'approve', 'seal', 'appendix', 'copy'] as const;
export type SignAction = (typeof SIGN_ACTIONS)[number];

/** Whose certificate an act needs. */
export type SignPurpose = 'person' | 'agency';

export function purposeOf(action: SignAction): SignPurpose {
  return action === 'initial' || action === 'approve' ? 'person' : 'agency';
}

/**
 * By what right a person signs (NĐ 30/2020 art. 13): as the head (`direct`), for a collective body (`TM`), as a deputy
 * for the head (`KT`), by order (`TL`), by written authorisation (`TUQ`), or as acting head (`Q`).
 */
export const CAPACITIES = ['direct', 'TM', 'KT', 'TL', 'TUQ', 'Q'] as const;
export type Capacity = (typeof CAPACITIES)[number];

/** How the holder's key is kept, as the widget's provider says. */
export const KEY_PROTECTIONS = ['hardware', 'remote', 'software'] as const;
export type KeyProtection = (typeof KEY_PROTECTIONS)[number];

/**
 * Where the widget looks for keys: files (`soft`), the agent of Ban Cơ yếu Chính phủ (`vgca`), an agent over PKCS #11 (`local`),
 * or a remote service (`csc`).
 */
export const PROVIDER_IDS = ['vgca', 'local', 'csc', 'soft'] as const;
export type ProviderId = (typeof PROVIDER_IDS)[number];

/** Who must sign: everything that is given must be what the certificate says. Empty only where the agency's seal signs. */
export interface ExpectedSigner {
  /** SHA-256 of the certificate's DER, lower-case hexadecimal. */
  certificateSha256?: string;
  /** serialNumber attribute of the subject (2.5.4.5). */
  serialNumber?: string;
  /** UID attribute of the subject (0.9.2342.19200300.100.1.1). */
  uid?: string;
  /** The person of this installation to whom the registry binds the certificate. */
  personId?: string;
}
