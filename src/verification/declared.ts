import { nameKey } from '../kernel/index.ts';
import { judge, type VerificationCode } from './codes.ts';
import { type FileReport, indicationOf, type SignatureReport, type SignerIdentity } from './report.ts';

interface DeclaredSigner {
  commonName: string | null;
  serialNumber: string | null;
}

/**
 * Holds every signature against the signer that the document names (`CN=…;serialNumber=…`, either alone): a file
 * that somebody else signed is never TOTAL_PASSED. Names are compared by their `nameKey`, numbers exactly. Without a declared signer the report stays as it is.
 */
export function withDeclared(report: FileReport, declared: string | undefined): FileReport {
  if (declared === undefined || report.signatures.length === 0) return report;
  const wanted = readDeclared(declared);
  const code: VerificationCode = wanted ? 'file.signer-not-declared' : 'file.declared-unreadable';
  const signatures = report.signatures.map((one) =>
    one.counterSigns !== undefined || (wanted && isDeclared(one.signer, wanted)) ? one : withCode(one, code),
  );
  const own = report.errors.length > 0 ? judge(report.errors).indication : null;
  return {
    ...report,
    signatures,
    indication: indicationOf(signatures, own),
  };
}

function withCode(report: SignatureReport, code: VerificationCode): SignatureReport {
  return { ...report, ...judge([...report.errors, code, ...report.warnings]) };
}

const KEYS: ReadonlyMap<string, keyof DeclaredSigner> = new Map([
  ['cn', 'commonName'],
  ['serialnumber', 'serialNumber'],
]);

function readDeclared(text: string): DeclaredSigner | null {
  const found: DeclaredSigner = { commonName: null, serialNumber: null };
  for (const part of text.split(';')) {
    const [name, ...rest] = part.split('=');
    const value = rest.join('=').trim();
    const key = KEYS.get(name?.trim().toLowerCase() ?? '');
    if (value === '' || !key || found[key] !== null) return null;
    found[key] = value;
  }
  return found;
}

function isDeclared(signer: SignerIdentity | null, wanted: DeclaredSigner): boolean {
  if (!signer) return false;
  const { commonName, serialNumber } = wanted;
  if (serialNumber !== null && signer.serialNumber?.normalize('NFC') !== serialNumber.normalize('NFC'))
    return false;
  if (commonName === null) return true;
  return signer.commonName !== null && nameKey(signer.commonName) === nameKey(commonName);
}
