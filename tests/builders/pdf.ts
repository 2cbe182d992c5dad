import {
  type ComposedLetter,
  composeLetter,
  type Letter,
  timestampToken,
  tinos,
} from '../../src/lab/index.ts';
import { keySigner, signPdf, stampNumber, type TimestampClient } from '../../src/signing/index.ts';
import type { VerificationContext } from '../../src/verification/context.ts';
import { policyNamed } from '../../src/verification/policy.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import { TEST_NOW, testPki } from './pki.ts';

const MINUTE = 60_000;

/** A letter from a province to a ministry. */
export const sampleLetter: Letter = {
  agency: 'Ủy ban nhân dân tỉnh Thử Nghiệm',
  notation: '/UBND-KGVX',
  place: 'Thử Nghiệm',
  subject: 'báo cáo tình hình gửi, nhận văn bản điện tử quý I năm 2026',
  addressees: ['Văn phòng Chính phủ', 'Bộ Thử Nghiệm'],
  paragraphs: [
    'Thực hiện Quyết định số 28/2018/QĐ-TTg ngày 12 tháng 7 năm 2018 của Thủ tướng Chính phủ về việc gửi, nhận văn bản điện tử giữa các cơ quan trong hệ thống hành chính nhà nước, Ủy ban nhân dân tỉnh Thử Nghiệm báo cáo như sau:',
    '1. Trong quý I năm 2026, các cơ quan, đơn vị trên địa bàn tỉnh đã gửi 12.480 văn bản và nhận 31.925 văn bản qua Trục liên thông văn bản quốc gia; tỷ lệ văn bản được ký số của cá nhân và cơ quan đạt 98,7%.',
    '2. Một số văn bản phải gửi lại do chứng thư số của người ký hết hạn hoặc thiếu dấu thời gian. Tỉnh đã rà soát và gia hạn toàn bộ chứng thư số sắp hết hạn trước ngày 30 tháng 6 năm 2026.',
    'Kính đề nghị quý cơ quan xem xét, tổng hợp./.',
  ],
  recipients: ['Như trên;', 'Chủ tịch, các Phó Chủ tịch UBND tỉnh;', 'Lưu: VT, KGVX.'],
  capacity: ['TM. Ủy ban nhân dân', 'Chủ tịch'],
  signer: 'Nguyễn Văn Thử',
  createdAt: TEST_NOW - 60 * MINUTE,
};

let composed: Promise<ComposedLetter> | undefined;

/** The sample letter as PDF, unsigned; composed once per test process. */
export function letterPdf(): Promise<ComposedLetter> {
  composed ??= composeLetter(sampleLetter);
  return composed;
}

/** A timestamp client that needs no server: the test PKI's authority (or another entity) at a given time. */
export function stampAt(now: number, entity = 'tsa'): TimestampClient {
  return async (digest) => timestampToken(digest, { pki: await testPki(), now, entity });
}

export interface SignOptions {
  /** Entity of the test PKI. */
  signer?: string;
  field?: string;
  at?: number;
  timestamp?: TimestampClient | null;
  certify?: 1 | 2 | 3;
  visible?: 'person' | 'agency' | null;
}

/** Signs a PDF with an entity of the test PKI: B-T and visible as a person unless told otherwise. */
export async function sign(pdf: Buffer, options: SignOptions = {}): Promise<Buffer> {
  const { signer = 'official-chairman', field = 'Person1', at = TEST_NOW, visible = 'person' } = options;
  const { certificate, key, declaration } = (await testPki()).entity(signer);
  const places = await letterPdf();
  const place = visible === 'agency' ? places.seal : places.signature;
  const name = declaration.subject.CN;
  const timestamp = options.timestamp === undefined ? stampAt(at + 2000) : options.timestamp;
  const signed = await signPdf({
    pdf,
    fieldName: field,
    signedAt: at,
    signerName: name,
    signer: keySigner(certificate, key),
    ...(timestamp ? { timestamp } : {}),
    ...(options.certify ? { certify: options.certify } : {}),
    ...(visible ? { visible: { ...place, form: { kind: visible, name }, font: tinos('bold') } } : {}),
  });
  return signed.bytes;
}

/** Stamps number and date of the sample letter. */
export async function stamp(pdf: Buffer): Promise<Buffer> {
  const { number, date } = await letterPdf();
  return stampNumber({
    pdf,
    number: { text: '125', ...number, font: tinos('regular') },
    date: { text: '16 tháng 3 năm 2026', ...date, font: tinos('italic') },
  });
}

let issued: Promise<Buffer> | undefined;

/** The legal order: the chairman signs, number and date are stamped, the agency seals. */
export function issuedLetter(): Promise<Buffer> {
  issued ??= (async () => {
    const signed = await sign((await letterPdf()).bytes);
    const numbered = await stamp(signed);
    return sign(numbered, {
      signer: 'seal-province',
      field: 'Agency1',
      at: TEST_NOW + 10 * MINUTE,
      visible: 'agency',
    });
  })();
  return issued;
}

let context: Promise<VerificationContext> | undefined;

/** A context that trusts the test PKI, two hours after TEST_NOW, with CRLs of one hour after it. */
export function pdfContext(): Promise<VerificationContext> {
  context ??= (async () => {
    const pki = await testPki();
    const roots = ['root-g1', 'root-g2', 'ca-g1', 'ca-g2'];
    return {
      trust: trustStore({
        anchors: pki.anchors,
        intermediates: pki.intermediates,
        crls: roots.map((name) => pki.crlOf(name, TEST_NOW + 60 * MINUTE)),
      }),
      policy: policyNamed('cong-vu'),
      at: TEST_NOW + 120 * MINUTE,
      revocation: 'required',
    };
  })();
  return context;
}
