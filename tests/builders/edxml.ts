import type {
  Business,
  EdxmlAttachment,
  EdxmlDocument,
  EdxmlStatus,
  Organ,
  Staff,
} from '../../src/edxml/index.ts';
import { sniff } from '../../src/edxml/index.ts';
import { DEMO_AGENCIES, type DemoAgency } from '../../src/lab/demo/agencies.ts';

/** The day on which the examples are judged: 20 March 2026, 09:00 in Vietnam. */
export const NOW = Date.UTC(2026, 2, 20, 2);

export function demoAgency(code: string): DemoAgency {
  const found = DEMO_AGENCIES.find((one) => one.code === code);
  if (!found) throw new RangeError(`no demo agency ${code}`);
  return found;
}

export function anOrgan(code: string): Organ {
  const agency = demoAgency(code);
  return {
    organId: code,
    organizationInCharge: agency.parent === null ? agency.name : demoAgency(agency.parent).name,
    organName: agency.name,
    organAdd: `Số 1 đường Mẫu, ${agency.place}`,
    email: `vanthu@${code.toLowerCase().replaceAll('.', '-')}.example`,
    telephone: '02763000111',
    fax: '',
    website: '',
  };
}

export const A_CLERK: Staff = {
  department: 'Văn phòng - Văn thư',
  staff: 'Phạm Thu Trang',
  mobile: '0900000202',
  email: 'pttrang@h53.example',
};

export function aBusiness(overrides: Partial<Business> = {}): Business {
  return {
    type: 0,
    reason: 'Văn bản điện tử mới',
    documentId: null,
    documentInfo: null,
    documentReceiver: null,
    receivers: [],
    staff: A_CLERK,
    paper: 0,
    replacements: [],
    ...overrides,
  };
}

/** A letter of a commune to a ministry with one attachment, complete in every field. */
export function aDocument(overrides: Partial<EdxmlDocument> = {}): EdxmlDocument {
  return {
    from: anOrgan('H53.32.29'),
    to: [anOrgan('G09')],
    code: { number: '412', notation: 'UBND' },
    promulgation: { place: 'Ninh Điền', date: '2026/03/16' },
    documentType: { type: 2, typeDetail: 18, typeName: 'Công văn' },
    subject: 'V/v rà soát mã định danh và tài khoản kết nối liên thông văn bản',
    content: 'Đề nghị rà soát, cập nhật mã định danh trước ngày 27/3/2026.',
    signerInfo: { competence: 'TM. ỦY BAN NHÂN DÂN', position: 'Chủ tịch', fullName: 'Lê Thị Ngọc Lan' },
    dueDate: '2026/03/27',
    toPlaces: ['Như trên', 'Lưu: VT'],
    otherInfo: {
      priority: 0,
      sphereOfPromulgation: 'Liên thông văn bản quốc gia',
      typerNotation: 'NVD',
      promulgationAmount: 1,
      pageAmount: 3,
      direction: null,
      appendixes: [],
    },
    responseFor: [],
    steeringType: 1,
    documentId: 'H53.32.29,2026/03/16,412/UBND',
    traceHeaders: [{ organId: 'H53.32.29', timestamp: '2026/03/16 09:41:07' }],
    business: aBusiness(),
    hasSignature: false,
    references: [aReference('8c2f4e10-6a0d-4b1e-9f57-2d1a7c90b3e1', '412_UBND.signed.pdf')],
    ...overrides,
  };
}

export function aReference(contentId: string, attachmentName: string, description = 'Nội dung công văn') {
  return { contentId, contentType: 'application/pdf', description, attachmentName };
}

export function anAttachment(overrides: Partial<EdxmlAttachment> = {}): EdxmlAttachment {
  const bytes = overrides.bytes ?? aPdf('412/UBND');
  return {
    contentId: '8c2f4e10-6a0d-4b1e-9f57-2d1a7c90b3e1',
    name: '412_UBND.signed.pdf',
    description: 'Nội dung công văn',
    contentType: 'application/pdf',
    wrapped: false,
    ...overrides,
    bytes,
    sniffed: sniff(bytes),
  };
}

/** A small unsigned PDF that readers open. */
export function aPdf(text: string): Buffer {
  const stream = `BT /F1 12 Tf 72 770 Td (${text}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let pdf = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const at = pdf.length;
    pdf += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const rows = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  pdf += `xref\n0 6\n0000000000 65535 f \n${rows}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${pdf.length}\n%%EOF\n`;
  return Buffer.from(pdf, 'latin1');
}

/** What a ministry says of the letter of {@link aDocument}. */
export function aStatus(statusCode: string, overrides: Partial<EdxmlStatus> = {}): EdxmlStatus {
  return {
    from: anOrgan('G09'),
    responseFor: {
      organId: 'H53.32.29',
      code: '412/UBND',
      promulgationDate: '2026/03/16',
      documentId: 'H53.32.29,2026/03/16,412/UBND',
    },
    staff: A_CLERK,
    statusCode,
    description: 'Văn thư đã tiếp nhận, vào sổ văn bản đến số 977',
    timestamp: '2026/03/16 10:05:44',
    ...overrides,
  };
}
