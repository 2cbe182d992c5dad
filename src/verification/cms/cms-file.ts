import { pemOrDer } from '../asn1/pem.ts';
import type { ByteSource } from '../byte-source.ts';
import type { VerificationCode } from '../codes.ts';
import type { VerificationContext } from '../context.ts';
import { hasPdfHeader } from '../file-kind.ts';
import { fileReport } from '../file-report.ts';
import type { FileReport } from '../report.ts';
import { decodeCms } from './decode.ts';
import { type CmsContent, verifyCms } from './verify-cms.ts';

/** One PEM block and nothing but white space around it: what stands beside it would pass as signed. */
const ONE_BLOCK = /^\s*-----BEGIN ([A-Z0-9# ]{1,40})-----[A-Za-z0-9+/=\s]*-----END \1-----\s*$/;

/** The verdict on a file that is a CMS SignedData (RFC 5652), DER, BER or PEM, with its content inside or detached. */
export function verifyCmsFile(bytes: Buffer, ctx: VerificationContext, detached?: ByteSource): FileReport {
  const cms = bytes[0] === 0x30 ? bytes : fromPem(bytes);
  if (!cms) return fileReport('cms', bytes, ctx, [], ['cms.malformed']);
  const content: CmsContent = detached ? { parts: [detached.part(0, detached.length)] } : 'attached';
  const codes: VerificationCode[] = showsMore(cms, ctx) ? ['file.two-formats'] : [];
  return fileReport('cms', bytes, ctx, verifyCms(cms, content, ctx), codes);
}

function fromPem(bytes: Buffer): Buffer | null {
  if (!ONE_BLOCK.test(bytes.toString('latin1'))) return null;
  const [block] = pemOrDer(bytes);
  return block ? Buffer.from(block.der) : null;
}

/**
 * True for a CMS that a viewer would open as another kind of file, whose parts lie outside the signed content: PDF
 * readers take a header within 1024 octets and begin at the end of the file, unpackers begin at the end too.
 */
function showsMore(cms: Buffer, ctx: VerificationContext): boolean {
  const end = cms.subarray(-65_557);
  if (!hasPdfHeader(cms) && !end.includes(ZIP_END)) return false;
  const decoded = decodeCms(cms, ctx.policy, false);
  const content = 'data' in decoded ? decoded.data.content : null;
  const at = content ? cms.indexOf(content) : -1;
  if (!content || at < 0) return true;
  const outside = [cms.subarray(0, at), cms.subarray(at + content.length)];
  return outside.some((part) => MARKS.some((mark) => part.includes(mark)));
}

const ZIP_END = Buffer.from('PK\u0005\u0006', 'latin1');
const MARKS: readonly (Buffer | string)[] = ['%PDF-', 'startxref', '%%EOF', ZIP_END];
