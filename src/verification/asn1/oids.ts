import type { DigestName } from '../../kernel/index.ts';

/** Digest algorithms (RFC 5754, RFC 8702, RFC 3279). */
export const DIGEST_OIDS: Readonly<Record<string, DigestName | 'md5'>> = {
  '1.2.840.113549.2.5': 'md5',
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
  '2.16.840.1.101.3.4.2.8': 'sha3-256',
  '2.16.840.1.101.3.4.2.9': 'sha3-384',
  '2.16.840.1.101.3.4.2.10': 'sha3-512',
};

export type SignatureScheme = 'rsa' | 'rsa-pss' | 'ecdsa' | 'dsa' | 'ed25519';

/** Signature algorithms; a null digest comes from elsewhere (CMS digestAlgorithm, PSS parameters, none). */
export const SIGNATURE_OIDS: Readonly<
  Record<string, { scheme: SignatureScheme; digest: DigestName | 'md5' | null }>
> = {
  '1.2.840.113549.1.1.1': { scheme: 'rsa', digest: null },
  '1.2.840.113549.1.1.4': { scheme: 'rsa', digest: 'md5' },
  '1.2.840.113549.1.1.5': { scheme: 'rsa', digest: 'sha1' },
  '1.2.840.113549.1.1.14': { scheme: 'rsa', digest: 'sha224' },
  '1.2.840.113549.1.1.11': { scheme: 'rsa', digest: 'sha256' },
  '1.2.840.113549.1.1.12': { scheme: 'rsa', digest: 'sha384' },
  '1.2.840.113549.1.1.13': { scheme: 'rsa', digest: 'sha512' },
  '2.16.840.1.101.3.4.3.14': { scheme: 'rsa', digest: 'sha3-256' },
  '2.16.840.1.101.3.4.3.15': { scheme: 'rsa', digest: 'sha3-384' },
  '2.16.840.1.101.3.4.3.16': { scheme: 'rsa', digest: 'sha3-512' },
  '1.2.840.113549.1.1.10': { scheme: 'rsa-pss', digest: null },
  '1.2.840.10045.4.1': { scheme: 'ecdsa', digest: 'sha1' },
  '1.2.840.10045.4.3.1': { scheme: 'ecdsa', digest: 'sha224' },
  '1.2.840.10045.4.3.2': { scheme: 'ecdsa', digest: 'sha256' },
  '1.2.840.10045.4.3.3': { scheme: 'ecdsa', digest: 'sha384' },
  '1.2.840.10045.4.3.4': { scheme: 'ecdsa', digest: 'sha512' },
  '1.2.840.10045.2.1': { scheme: 'ecdsa', digest: null },
  '1.2.840.10040.4.3': { scheme: 'dsa', digest: 'sha1' },
  '2.16.840.1.101.3.4.3.2': { scheme: 'dsa', digest: 'sha256' },
  '1.3.101.112': { scheme: 'ed25519', digest: null },
};

export const OID = {
  mgf1: '1.2.840.113549.1.1.8',
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  counterSignature: '1.2.840.113549.1.9.6',
  algorithmProtection: '1.2.840.113549.1.9.52',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  signatureTimeStamp: '1.2.840.113549.1.9.16.2.14',
  contentTimeStamp: '1.2.840.113549.1.9.16.2.20',
  certificateValues: '1.2.840.113549.1.9.16.2.23',
  revocationValues: '1.2.840.113549.1.9.16.2.24',
  adobeRevocation: '1.2.840.113583.1.1.8',
  archiveTimeStampV2: '1.2.840.113549.1.9.16.2.48',
  archiveTimeStampV3: '0.4.0.1733.2.4',
  atsHashIndex: '0.4.0.1733.2.5',
  atsHashIndexV3: '0.4.0.19122.1.5',
  ocspBasic: '1.3.6.1.5.5.7.48.1.1',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
  ocspArchiveCutoff: '1.3.6.1.5.5.7.48.1.6',
  anyPolicy: '2.5.29.32.0',
  anyExtendedKeyUsage: '2.5.29.37.0',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
  documentSigning: '1.3.6.1.5.5.7.3.36',
  microsoftDocumentSigning: '1.3.6.1.4.1.311.10.3.12',
  adobeDocumentSigning: '1.2.840.113583.1.1.5',
} as const;

/** Certificate and CRL extensions (RFC 5280 §4.2, §5.2, §5.3). */
export const EXTENSION = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  invalidityDate: '2.5.29.24',
  deltaCrlIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  freshestCrl: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  expiredCertsOnCrl: '2.5.29.60',
  qcStatements: '1.3.6.1.5.5.7.1.3',
} as const;

/** Short names of RFC 4514 §3 and those that Vietnamese certificates use. */
export const ATTRIBUTE_NAMES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.42': 'givenName',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
};
