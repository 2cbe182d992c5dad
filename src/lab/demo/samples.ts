import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signXml, type TimestampClient } from '../../signing/index.ts';
import type { Pki } from '../pki/index.ts';
import { DEMO_AGENCIES, type DemoAgency } from './agencies.ts';
import { edxmlOf, type LetterOrder, sealName, signedLetter } from './letters.ts';
import type { DemoFolder } from './world.ts';

interface SamplePlan {
  file: string;
  from: string;
  to: readonly string[];
  number: number;
  subject: string;
  priority: number;
  /** The sender's seal signs the envelope too (XAdES B-T). */
  signed?: true;
}

const PLANS: readonly SamplePlan[] = [
  { file: '01-xa-gui-bo', from: 'H53.32.29', to: ['G09'], number: 901, subject: 'V/v đề nghị hướng dẫn bố trí nhân sự sau sắp xếp đơn vị hành chính', priority: 0 },
  { file: '02-bo-gui-tinh', from: 'G09', to: ['H53', 'H41', 'H49'], number: 902, subject: 'V/v rà soát biên chế năm 2026', priority: 1 },
  { file: '03-tinh-gui-xa', from: 'H41', to: ['H41.21.05'], number: 903, subject: 'V/v phòng chống bão số 12', priority: 3 },
  { file: '04-vpcp-gui-tinh', from: 'G22', to: ['H53', 'H49'], number: 904, subject: 'V/v kiểm soát thủ tục hành chính quý IV', priority: 0 },
  { file: '05-xa-gui-tinh', from: 'H49.11.08', to: ['H49'], number: 905, subject: 'V/v báo cáo kết quả tiếp nhận văn bản điện tử', priority: 0, signed: true },
]; // biome-ignore format: a table

const BODY = [
  'Thực hiện quy định về gửi, nhận văn bản điện tử giữa các cơ quan trong hệ thống hành chính nhà nước, đề nghị quý cơ quan phối hợp thực hiện các nội dung nêu trên và gửi kết quả trước ngày 30 của tháng.',
  'Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, đề nghị phản ánh về cơ quan gửi để được hướng dẫn kịp thời.',
];

export function demoAgency(code: string): DemoAgency {
  return DEMO_AGENCIES.find((one) => one.code === code) as DemoAgency;
}

export function letterOrder(plan: Omit<SamplePlan, 'file'>, now: number): LetterOrder {
  return {
    from: demoAgency(plan.from),
    to: plan.to.map(demoAgency),
    number: plan.number,
    subject: plan.subject,
    paragraphs: BODY,
    priority: plan.priority,
    now,
  };
}

/**
 * Ready-made documents in `DIR/demo/samples/`: signed PDFs and edXML that carries them, in `*.signed.edxml` with a signed envelope.
 * Made once; a later start leaves them alone.
 */
export async function writeSamples(
  folder: DemoFolder,
  pki: Pki,
  timestamp: TimestampClient,
  now: number,
): Promise<void> {
  if (existsSync(join(folder.samples, `${PLANS[0]?.file}.edxml`))) return;
  mkdirSync(folder.samples, { recursive: true });
  for (const plan of PLANS) {
    const order = letterOrder(plan, now);
    const pdf = await signedLetter(order, pki, timestamp);
    writeFileSync(join(folder.samples, `${plan.file}.pdf`), pdf);
    const edxml = edxmlOf(order, pdf);
    if (plan.signed) {
      const signed = await signedEnvelope(edxml, order, pki, timestamp);
      writeFileSync(join(folder.samples, `${plan.file}.signed.edxml`), signed);
    } else writeFileSync(join(folder.samples, `${plan.file}.edxml`), edxml);
  }
}

/** The envelope with the sender's seal over the whole message, at the end of its header (XAdES B-T). */
function signedEnvelope(
  edxml: Buffer,
  { from, now }: LetterOrder,
  pki: Pki,
  timestamp: TimestampClient,
): Promise<Buffer> {
  const { certificate, key } = pki.entity(sealName(from.code));
  const xades = { signingTime: now, timestamp };
  return signXml({ xml: edxml, into: 'edXML:edXMLHeader', id: 'chu-ky', certificate, key, xades });
}

/** A copy with one byte of the letter's own content changed. */
export function tampered(pdf: Buffer): Buffer {
  const copy = Buffer.from(pdf);
  const at = copy.indexOf('stream') + 40;
  copy[at] = (copy[at] as number) ^ 1;
  return copy;
}
