import { isTrucError } from '../kernel/index.ts';
import { readContainer } from './asic/form.ts';
import { readManifest } from './asic/manifest.ts';
import { readZip } from './asic/zip.ts';
import { ByteSource } from './byte-source.ts';
import { codeMeanings } from './codes.ts';
import { fileKind } from './file-kind.ts';
import type { SubIndication } from './indication.ts';
import type { FileReport } from './report.ts';

/** How two other libraries find the signatures of a file: their digests and values, not paths, revocation or forms. */
export interface SecondOpinion {
  library: 'pkijs' | 'xml-crypto' | null;
  /** Signatures found right and wrong, and those of which the library cannot tell. */
  right: number;
  wrong: number;
  unknown: number;
  /** True where one says that a signature's octets or value are wrong and the other that all is right. */
  disagrees: boolean;
}

type Answer = 'right' | 'wrong' | 'unknown';

/** Sub-indications that say something of digests and values, which is what the libraries look at. */
const MATHEMATICAL: readonly (SubIndication | null)[] = ['HASH_FAILURE', 'SIG_CRYPTO_FAILURE'];
/** As many signatures as this are asked about: the libraries are slow. */
const MOST = 50;
/** Larger files are not asked about: both libraries want them as one string or in several copies. */
const MOST_BYTES = 64 * 1_048_576;

/**
 * A second opinion on a file by pkijs (PDF, CMS, CAdES in a container) or xml-crypto (XML). The libraries are loaded on first need. Never throws.
 * @param report our own verdict on the same bytes
 * @param detached the content of a detached CMS signature
 */
export async function secondOpinion(
  file: Uint8Array | ByteSource,
  report: FileReport,
  detached?: Uint8Array | ByteSource,
): Promise<SecondOpinion> {
  const source = ByteSource.of(file);
  const content = detached && ByteSource.of(detached);
  const tooLarge = Math.max(source.length, content?.length ?? 0) > MOST_BYTES;
  const kind = tooLarge ? 'other' : fileKind(source);
  const bytes = tooLarge ? Buffer.alloc(0) : source.slice(0);
  if (kind === 'pdf') return weigh('pkijs', await askAll(pdfSignatures(bytes)), report);
  if (kind === 'cms') return weigh('pkijs', await askPkijs(bytes, content?.slice(0)), report);
  if (kind === 'signed-container') return weigh('pkijs', await askContainer(bytes), report);
  if (kind === 'xml') return weigh('xml-crypto', await askXmlCrypto(bytes), report);
  return { library: null, right: 0, wrong: 0, unknown: 0, disagrees: false };
}

function weigh(
  library: 'pkijs' | 'xml-crypto',
  answers: readonly Answer[],
  report: FileReport,
): SecondOpinion {
  const count = (wanted: Answer) => answers.filter((one) => one === wanted).length;
  const [right, wrong] = [count('right'), count('wrong')];
  // pkijs looks at nobody's counter-signatures.
  const asked = report.signatures.filter((one) => library !== 'pkijs' || one.counterSigns === undefined);
  const all = [report, ...asked].flatMap(({ errors }) => errors);
  const weFoundWrong = all.some((code) => MATHEMATICAL.includes(codeMeanings[code].subIndication));
  const allRight = right > 0 && right === answers.length;
  // A counter-signature that did not pass leaves the file passed, and xml-crypto sees it too.
  const passed = [report, ...asked].every(({ indication }) => indication === 'TOTAL_PASSED');
  const disagrees = (passed && wrong > 0) || (weFoundWrong && allRight);
  return { library, right, wrong, unknown: answers.length - right - wrong, disagrees };
}

interface PdfSignature {
  cms: Buffer;
  content: Buffer;
}

const RANGE = /\/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]/g;

/** What a simple reader takes for signatures: every ByteRange with hexadecimal digits in its gap. */
function pdfSignatures(bytes: Buffer): PdfSignature[] {
  const found = [...bytes.toString('latin1').matchAll(RANGE)].slice(0, MOST);
  return found.flatMap((match) => {
    const [start = 0, length = 0, second = 0, rest = 0] = match.slice(1).map(Number);
    const digits = bytes
      .subarray(start + length, second)
      .toString('latin1')
      .replace(/[<>\s]/g, '');
    if (!/^([0-9a-fA-F]{2})+$/.test(digits)) return [];
    const content = [bytes.subarray(start, start + length), bytes.subarray(second, second + rest)];
    return [{ cms: Buffer.from(digits, 'hex'), content: Buffer.concat(content) }];
  });
}

async function askAll(signatures: readonly PdfSignature[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const { cms, content } of signatures) answers.push(...(await askPkijs(cms, content)));
  return answers;
}

/** CAdES signatures over the one file, or over the manifest that names them; XAdES in a container is about other files. */
async function askContainer(bytes: Buffer): Promise<Answer[]> {
  try {
    const { files, cades, manifests, data } = readContainer(readZip(ByteSource.of(bytes)));
    const read = manifests.flatMap((name) => files.get(name) ?? []).map(readManifest);
    const answers: Answer[] = [];
    for (const name of cades.slice(0, MOST)) {
      const content = read.find((one) => one.signature === name)?.name ?? data[0];
      const [cms, signed] = [files.get(name), content === undefined ? undefined : files.get(content)];
      answers.push(...(cms && signed ? await askPkijs(cms.bytes(), signed.bytes()) : ['unknown' as const]));
    }
    return answers;
  } catch (error) {
    if (!isTrucError(error)) throw error;
    return ['unknown'];
  }
}

const TST_INFO = '1.2.840.113549.1.9.16.1.4';

/** Every signer of a CMS; time-stamps of documents sign what they carry, so they are left out. */
async function askPkijs(cms: Buffer, detached: Uint8Array | undefined): Promise<Answer[]> {
  const { ContentInfo, SignedData } = await import('pkijs');
  try {
    const info = ContentInfo.fromBER(Uint8Array.from(withoutPadding(cms)).buffer);
    const data = new SignedData({ schema: info.content });
    if (data.encapContentInfo.eContentType === TST_INFO) return [];
    const own = detached && !data.encapContentInfo.eContent ? { data: Uint8Array.from(detached).buffer } : {};
    const answers: Answer[] = [];
    for (const signer of data.signerInfos.slice(0, MOST).keys()) {
      const verified = data.verify({ signer, checkChain: false, ...own });
      answers.push(await verified.then(toAnswer, refusalOf));
    }
    return answers;
  } catch {
    return ['unknown'];
  }
}

const toAnswer = (right: boolean): Answer => (right ? 'right' : 'wrong');

/** pkijs throws where a digest differs, as it does where it lacks a certificate or an algorithm. */
function refusalOf(error: unknown): Answer {
  const wrong = /digest doesn't match|mandatory attribute/i;
  return Error.isError(error) && wrong.test(error.message) ? 'wrong' : 'unknown';
}

/** DER tells its own length: what follows it in a PDF is filling. */
function withoutPadding(der: Buffer): Buffer {
  const first = der[1] ?? 0;
  if (first <= 0x80 || first > 0x84) return der;
  const octets = first & 0x7f;
  return der.subarray(0, 2 + octets + der.readUIntBE(2, octets));
}

const SIGNATURE = /<((?:[\w.-]+:)?)Signature[\s>]/g;

/** A reference out of the file, or one that names nothing. */
const OUTSIDE = /<(?:[\w.-]+:)?Reference(?![^>]*\sURI\s*=\s*["'](?:#|["']))[\s>]/;

/** Signatures by their tags, each checked with the certificate that its KeyInfo carries. */
async function askXmlCrypto(bytes: Buffer): Promise<Answer[]> {
  const { SignedXml } = await import('xml-crypto');
  const text = bytes.toString('utf8');
  return [...text.matchAll(SIGNATURE)].slice(0, MOST).map((match): Answer => {
    const close = `</${match[1] ?? ''}Signature>`;
    const end = text.indexOf(close, match.index);
    if (end < 0) return 'unknown';
    const own = text.slice(match.index, end + close.length);
    // It knows no content outside the file, and finds a wrong digest where it finds no content.
    if (OUTSIDE.test(own)) return 'unknown';
    try {
      const checker = new SignedXml({ getCertFromKeyInfo: SignedXml.getCertFromKeyInfo });
      checker.loadSignature(own);
      return toAnswer(checker.checkSignature(text));
    } catch (error) {
      return isLimit(error) ? 'unknown' : 'wrong';
    }
  });
}

/** xml-crypto throws plain errors: those that name something it does not know tell nothing of the signature. */
function isLimit(error: unknown): boolean {
  return /not supported|unknown|No key|Cannot resolve|requires|namespace/i.test(
    Error.isError(error) ? error.message : '',
  );
}
