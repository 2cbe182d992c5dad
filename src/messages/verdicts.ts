import type { FileReport, LegalReason, SignatureReport, VerificationCode } from '../verification/index.ts';
import type { Bilingual, Language } from './language.ts';
import { certificateVerdicts } from './verdicts-certificates.ts';
import { asicVerdicts } from './verdicts-containers.ts';
import { pdfVerdicts, xmlVerdicts } from './verdicts-documents.ts';
import { signatureVerdicts } from './verdicts-signatures.ts';

/** What every verification code says. A code without both languages does not compile. */
export const VERDICTS: Readonly<Record<VerificationCode, Bilingual>> = {
  ...signatureVerdicts,
  ...certificateVerdicts,
  ...pdfVerdicts,
  ...xmlVerdicts,
  ...asicVerdicts,
};

/** What to do about some codes. */
const REMEDIES: Readonly<Partial<Record<VerificationCode, Bilingual>>> = {
  'revocation.missing': {
    vi: 'Đưa CRL hoặc trả lời OCSP vào thư mục --crls rồi kiểm tra lại.',
    en: 'Put the CRLs or OCSP responses into the folder of --crls and judge again.',
  },
  'revocation.stale': {
    vi: 'Tải CRL mới của nơi cấp chứng thư rồi kiểm tra lại.',
    en: "Get the issuer's current CRL and judge again.",
  },
  'revocation.on-hold': {
    vi: 'Kiểm tra lại khi chứng thư hết tạm dừng.',
    en: 'Judge again when the hold has ended.',
  },
  'path.no-chain': {
    vi: 'Kiểm tra thư mục --trust (gốc) và --certs (trung gian).',
    en: 'Look at the folders of --trust (roots) and --certs (intermediates).',
  },
  'path.expired': {
    vi: 'Đề nghị bên gửi ký lại, có dấu thời gian.',
    en: 'Ask the sender for a new signature with a time-stamp.',
  },
  'path.expired-not-revoked': {
    vi: 'Đề nghị bên gửi ký lại, có dấu thời gian.',
    en: 'Ask the sender for a new signature with a time-stamp.',
  },
  'cms.message-digest-mismatch': {
    vi: 'Không sử dụng tệp này; lấy lại bản gốc từ bên gửi.',
    en: 'Do not use this file; get the original from its sender.',
  },
  'pdf.changed-after-signing': {
    vi: 'Không sử dụng tệp này; lấy lại bản gốc từ bên gửi.',
    en: 'Do not use this file; get the original from its sender.',
  },
  'xml.digest-mismatch': {
    vi: 'Không sử dụng tệp này; lấy lại bản gốc từ bên gửi.',
    en: 'Do not use this file; get the original from its sender.',
  },
  'cms.content-missing': {
    vi: 'Chỉ ra tệp nội dung bằng --detached.',
    en: 'Name the content file with --detached.',
  },
  'file.declared-unreadable': {
    vi: 'Viết CN=…;serialNumber=…, hoặc một trong hai.',
    en: 'Write CN=…;serialNumber=…, or either alone.',
  },
  'policy.timestamp-demanded': {
    vi: 'Đề nghị bên gửi ký kèm dấu thời gian.',
    en: 'Ask the sender for a signature with a time-stamp.',
  },
};

/** Why a document is only for information (QĐ 28/2018/QĐ-TTg art. 4). */
export const LEGAL_REASONS: Readonly<Record<LegalReason, Bilingual>> = {
  'legal.no-attachment': { vi: 'Không có tệp văn bản đính kèm', en: 'There is no attached document' },
  'legal.no-signature': { vi: 'Văn bản không có chữ ký số', en: 'The document has no signature' },
  'legal.signature-not-passed': {
    vi: 'Có chữ ký không đạt hoặc chưa xác định được',
    en: 'A signature did not pass',
  },
  'legal.signer-unknown': {
    vi: 'Chứng thư của người ký chưa được đăng ký trong danh bạ',
    en: "A signer's certificate is not in the registry",
  },
  'legal.signer-of-another-agency': {
    vi: 'Người ký thuộc cơ quan khác với cơ quan gửi',
    en: 'A signer belongs to another agency than the sender',
  },
  'legal.personal-signature-missing': {
    vi: 'Thiếu chữ ký số của người có thẩm quyền',
    en: "The competent person's signature is missing",
  },
  'legal.agency-signature-missing': {
    vi: 'Thiếu chữ ký số của cơ quan',
    en: "The agency's signature is missing",
  },
  'legal.order': {
    vi: 'Cơ quan ký trước người có thẩm quyền',
    en: 'The agency signed before the competent person',
  },
  'legal.signer-not-as-declared': {
    vi: 'Người ký số không phải là người ký mà văn bản điện tử nêu (SignerInfo)',
    en: 'The person who signed is not the signer that the envelope names (SignerInfo)',
  },
  'legal.position-not-as-declared': {
    vi: 'Chức vụ của người ký trong danh bạ khác với chức vụ mà văn bản điện tử nêu (SignerInfo)',
    en: "The signer's post in the registry differs from the one that the envelope names (SignerInfo)",
  },
};

const INDICATIONS: Readonly<Record<FileReport['indication'], Bilingual>> = {
  TOTAL_PASSED: { vi: 'HỢP LỆ', en: 'VALID' },
  INDETERMINATE: { vi: 'CHƯA XÁC ĐỊNH', en: 'NOT DECIDED' },
  TOTAL_FAILED: { vi: 'KHÔNG HỢP LỆ', en: 'NOT VALID' },
  NO_SIGNATURE: { vi: 'KHÔNG CÓ CHỮ KÝ', en: 'NO SIGNATURE' },
};

const WORDS: Readonly<Record<'by' | 'proven' | 'unproven' | 'nobody', Bilingual>> = {
  by: { vi: 'người ký', en: 'signed by' },
  proven: { vi: 'chứng minh được đã có lúc', en: 'proven to exist at' },
  unproven: { vi: 'không có dấu thời gian', en: 'no time-stamp' },
  nobody: { vi: 'không rõ người ký', en: 'signer unknown' },
};

/**
 * A report for people, one line a string: the file with its verdict, every signature with its signer and time, every
 * code as a sentence with its remedy. What comes from the file cannot write lines of its own.
 * @param name as the reader knows the file
 */
export function verdictSentences(name: string, report: FileReport, lang: Language): string[] {
  const head = `${name}: ${INDICATIONS[report.indication][lang]} (${report.indication}, ${report.format})`;
  return [
    head,
    ...codeLines(report, lang, '  '),
    ...report.signatures.flatMap((one) => [signatureLine(one, lang), ...codeLines(one, lang, '      ')]),
  ].map(oneLine);
}

function signatureLine(one: SignatureReport, lang: Language): string {
  const who = one.signer?.commonName ?? one.signer?.subject;
  const signer = who === undefined ? WORDS.nobody[lang] : `${WORDS.by[lang]} ${who}`;
  const proven = one.timestamps.some(({ indication }) => indication === 'TOTAL_PASSED');
  const time = proven ? `${WORDS.proven[lang]} ${one.bestSignatureTime}` : WORDS.unproven[lang];
  const sub = one.subIndication ? `/${one.subIndication}` : '';
  const level = one.baseline ? `, ${one.baseline}` : '';
  return `  ${one.id}: ${INDICATIONS[one.indication][lang]} (${one.indication}${sub}${level}), ${signer}, ${time}`;
}

function codeLines(
  { errors, warnings }: Pick<SignatureReport, 'errors' | 'warnings'>,
  lang: Language,
  indent: string,
): string[] {
  const line = (mark: string) => (code: VerificationCode) => {
    const remedy = REMEDIES[code];
    return `${indent}${mark} ${VERDICTS[code][lang]} [${code}]${remedy ? `. ${remedy[lang]}` : ''}`;
  };
  return [...errors.map(line('✗')), ...warnings.map(line('!'))];
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
