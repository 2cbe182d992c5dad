import { type EdxmlDocument, type EdxmlFault, writeDocument, writeStatus } from '../../src/edxml/index.ts';
import { aBusiness, aDocument, anAttachment, anOrgan, aPdf, aReference, aStatus } from '../builders/edxml.ts';

/** An example of `schemas/edxml/examples/valid`, made by the canonical writer. */
export interface ValidExample {
  name: string;
  bytes: Buffer;
}

/** An example of `schemas/edxml/examples/invalid` with its one fault. */
export interface InvalidExample extends ValidExample {
  sidecar: {
    faults: Pick<EdxmlFault, 'code' | 'path'>[];
    /** Why `xmllint --schema` takes the file all the same; absent where it refuses. */
    beyondXsd?: string;
  };
}

const letter = (overrides: Partial<EdxmlDocument> = {}, attachments = [anAttachment()]) =>
  writeDocument(aDocument(overrides), attachments);

const ANNEX_IDS = ['b71e9a55-0c3d-4f62-8a18-55e0c4d2f907', 'd1b0a3c2-77aa-4f0e-9a55-0e6f3b1c8d21'];
const ORIGINAL = 'H53.32.29,2026/03/16,412/UBND';

function withAnnexes(): Buffer {
  const main = aReference('8c2f4e10-6a0d-4b1e-9f57-2d1a7c90b3e1', '15_UBND-VX.signed.pdf');
  const annexes = ANNEX_IDS.map((id, i) => aReference(id, `Phụ lục ${i + 1}.pdf`, `Phụ lục ${i + 1}`));
  const document = aDocument({
    from: anOrgan('H53'),
    to: ['G22', 'G09', 'H41', 'H49', 'H53.32.29', 'H53.32.30'].map(anOrgan),
    code: { number: '15', notation: 'UBND-VX' },
    promulgation: { place: 'Tây Ninh', date: '2026/03/18' },
    otherInfo: {
      ...aDocument().otherInfo,
      priority: 3,
      appendixes: ['Phụ lục 1. Danh sách mã định danh', 'Phụ lục 2. Đầu mối văn thư'],
    },
    responseFor: [
      {
        organId: 'G22',
        code: '1187/VPCP-KSTT',
        promulgationDate: '2026/02/25',
        documentId: 'G22,2026/02/25,1187/VPCP-KSTT',
      },
    ],
    steeringType: 3,
    documentId: 'H53,2026/03/18,15/UBND-VX',
    traceHeaders: [{ organId: 'H53', timestamp: '2026/03/18 14:02:30' }],
    references: [main, ...annexes],
  });
  const files = [main, ...annexes].map((one, i) =>
    anAttachment({
      contentId: one.contentId,
      name: one.attachmentName,
      description: one.description,
      bytes: aPdf(`part ${i + 1}`),
    }),
  );
  return writeDocument(document, files);
}

const STATUS_REASONS: Readonly<Record<string, string>> = {
  '01': 'Hệ thống đã nhận',
  '02': 'Gửi nhầm đơn vị, đề nghị gửi Sở Nội vụ',
  '03': 'Văn thư đã tiếp nhận, vào sổ văn bản đến số 977',
  '04': 'Lãnh đạo đã phân công',
  '05': 'Chuyên viên đang xử lý',
  '06': 'Đã hoàn thành',
  '15': 'Đồng ý cho lấy lại',
  '16': 'Văn bản đã được giải quyết xong',
};

function statuses(): ValidExample[] {
  const answers = Object.entries(STATUS_REASONS).map(([code, description]) => ({
    name: `status-${code}`,
    bytes: writeStatus(aStatus(code, { description, staff: code === '01' ? null : aStatus(code).staff })),
  }));
  // A recall goes the other way: from the sender of the document to the recipient that is asked.
  const recall = aStatus('13', {
    from: anOrgan('H53.32.29'),
    responseFor: { ...aStatus('13').responseFor, organId: 'G09' },
    description: 'Phát hành nhầm phụ lục, xin lấy lại',
  });
  return [...answers, { name: 'status-13', bytes: writeStatus(recall) }];
}

export const VALID: readonly ValidExample[] = [
  { name: 'document-new', bytes: letter() },
  {
    name: 'document-new-old-agency-codes',
    bytes: letter({
      from: { ...anOrgan('H53.32.29'), organId: '000.29.32.H53' },
      to: [{ ...anOrgan('G09'), organId: '000.00.00.G09' }],
    }),
  },
  { name: 'document-new-several-recipients-and-annexes', bytes: withAnnexes() },
  {
    name: 'document-revoke',
    bytes: letter({
      documentId: `${ORIGINAL}-TH`,
      business: aBusiness({ type: 1, reason: 'Phát hành nhầm', documentId: ORIGINAL }),
    }),
  },
  {
    name: 'document-update',
    bytes: letter({
      documentId: `${ORIGINAL}-CN`,
      business: aBusiness({
        type: 2,
        reason: 'Bổ sung nơi nhận',
        documentId: ORIGINAL,
        documentInfo: 1,
        documentReceiver: 1,
        receivers: [
          { organId: 'G09', receiverType: 0 },
          { organId: 'G22', receiverType: 1 },
        ],
      }),
    }),
  },
  {
    name: 'document-replace',
    bytes: letter({
      code: { number: '420', notation: 'UBND' },
      documentId: 'H53.32.29,2026/03/16,420/UBND',
      business: aBusiness({
        type: 3,
        reason: 'Thay thế văn bản có sai sót',
        replacements: [
          { documentId: ORIGINAL, organIds: ['G09', 'H53'] },
          { documentId: 'H53.32.29,2026/03/10,398/UBND', organIds: ['G09'] },
        ],
      }),
    }),
  },
  ...statuses(),
];

const CONDITION = 'what one element needs depends on the value of another';
const CALENDAR = 'a pattern knows neither the calendar nor today';
const LEXICAL = 'it is a matter of how the XML is written, which a schema does not see';

function invalid(
  name: string,
  bytes: Buffer,
  code: string,
  path: string,
  beyondXsd?: string,
): InvalidExample {
  return { name, bytes, sidecar: { faults: [{ code, path }], ...(beyondXsd && { beyondXsd }) } };
}

/** The letter with its text changed: for faults that the writer cannot make. */
function edited(from: string | RegExp, to: string, source = letter()): Buffer {
  const text = source.toString();
  const changed = text.replace(from, to);
  if (changed === text) throw new RangeError(`nothing to change: ${from}`);
  return Buffer.from(changed);
}

/** A fault whose code is its kind and its path. */
function at(kind: 'N' | 'R' | 'M', path: string): [string, string] {
  return [`${kind}.${path.replace(/\[\d+\]/g, '').replaceAll('/', '.')}`, path];
}

const base = aDocument();
const H = 'MessageHeader';
const B = 'TraceHeaderList/Bussiness';
const A = 'AttachmentEncoded/Attachment';
const MANIFEST = 'edXMLManifest';
const ministry = anOrgan('G09');
const withBusiness = (overrides: Parameters<typeof aBusiness>[0]) =>
  letter({ business: aBusiness(overrides) });
const statusWith = (code: string, overrides: Parameters<typeof aStatus>[1]) =>
  writeStatus(aStatus(code, overrides));

const DOCUMENT_FAULTS: readonly InvalidExample[] = [
  invalid('sender-code-missing', letter({ from: { ...base.from, organId: '' } }), ...at('N', `${H}/From/OrganId`)),
  invalid('recipient-missing', letter({ to: [] }), ...at('N', `${H}/To`)),
  invalid('recipient-code-malformed', letter({ to: [{ ...ministry, organId: 'G09/2' }] }), ...at('M', `${H}/To/OrganId`)),
  invalid('recipient-code-too-long', letter({ to: [{ ...ministry, organId: 'G09.'.repeat(9) }] }), ...at('R', `${H}/To/OrganId`)),
  invalid('recipient-twice', letter({ to: [ministry, anOrgan('G22'), ministry] }), ...at('M', `${H}/To[3]/OrganId`)),
  invalid('recipient-name-too-long', letter({ to: [{ ...ministry, organName: 'Ộ'.repeat(201) }] }), ...at('R', `${H}/To/OrganName`)),
  invalid('number-missing', letter({ code: { number: '', notation: 'UBND' } }), ...at('N', `${H}/Code/CodeNumber`)),
  invalid('number-too-long', letter({ code: { number: '123456789012', notation: 'UBND' } }), ...at('R', `${H}/Code/CodeNumber`)),
  invalid('notation-missing', letter({ code: { number: '412', notation: '' } }), ...at('N', `${H}/Code/CodeNotation`)),
  invalid('place-missing', letter({ promulgation: { place: '', date: '2026/03/16' } }), ...at('N', `${H}/PromulgationInfo/Place`)),
  invalid('date-missing', letter({ promulgation: { place: 'Ninh Điền', date: '' } }), ...at('N', `${H}/PromulgationInfo/PromulgationDate`)),
  invalid('date-day-first', letter({ promulgation: { place: 'Ninh Điền', date: '16/03/2026' } }), ...at('M', `${H}/PromulgationInfo/PromulgationDate`)),
  invalid('date-that-is-none', letter({ promulgation: { place: 'Ninh Điền', date: '2026/02/30' } }), ...at('M', `${H}/PromulgationInfo/PromulgationDate`), CALENDAR),
  invalid('date-in-the-future', letter({ promulgation: { place: 'Ninh Điền', date: '2199/01/01' } }), ...at('R', `${H}/PromulgationInfo/PromulgationDate`), CALENDAR),
  invalid('type-name-missing', letter({ documentType: { ...base.documentType, typeName: '' } }), ...at('N', `${H}/DocumentType/TypeName`)),
  invalid('subject-missing', letter({ subject: '' }), ...at('N', `${H}/Subject`)),
  invalid('subject-too-long', letter({ subject: 'ữ'.repeat(501) }), ...at('R', `${H}/Subject`)),
  invalid('signer-missing', letter({ signerInfo: { ...base.signerInfo, fullName: '' } }), ...at('N', `${H}/SignerInfo/FullName`)),
  invalid('urgency-missing', letter({ otherInfo: { ...base.otherInfo, priority: null } }), ...at('N', `${H}/OtherInfo/Priority`)),
  invalid('urgency-out-of-range', letter({ otherInfo: { ...base.otherInfo, priority: 5 } }), ...at('R', `${H}/OtherInfo/Priority`)),
  invalid('urgency-in-words', edited('<edXML:Priority>0<', '<edXML:Priority>Khẩn<'), ...at('M', `${H}/OtherInfo/Priority`)),
  invalid('document-id-missing', letter({ documentId: '' }), ...at('N', `${H}/DocumentId`)),
  invalid('business-type-missing', withBusiness({ type: null }), ...at('N', `${B}/BussinessDocType`)),
  invalid('business-type-unknown', withBusiness({ type: 4 }), ...at('R', `${B}/BussinessDocType`)),
  invalid('revoke-without-reason', withBusiness({ type: 1, reason: '', documentId: ORIGINAL }), ...at('N', `${B}/BussinessDocReason`), CONDITION),
  invalid('revoke-without-document', withBusiness({ type: 1, reason: 'Phát hành nhầm' }), ...at('N', `${B}/DocumentId`), CONDITION),
  invalid('update-receiver-neither-added-nor-removed', withBusiness({ type: 2, reason: 'Bổ sung', documentId: ORIGINAL, receivers: [{ organId: 'G22', receiverType: 2 }] }), ...at('R', `${B}/BussinessDocumentInfo/ReceiverList/Receiver/ReceiverType`)),
  invalid('replace-without-list', withBusiness({ type: 3, reason: 'Thay thế' }), ...at('N', `${B}/ReplacementInfoList/ReplacementInfo`), CONDITION),
  invalid('replace-without-document', withBusiness({ type: 3, reason: 'Thay thế', replacements: [{ documentId: '', organIds: ['G09'] }] }), ...at('N', `${B}/ReplacementInfoList/ReplacementInfo/DocumentId`)),
]; // biome-ignore format: a table

const twice = aReference('b71e9a55-0c3d-4f62-8a18-55e0c4d2f907', '412_UBND.signed.pdf');

const ATTACHMENT_FAULTS: readonly InvalidExample[] = [
  invalid('attachment-name-is-a-path', letter({}, [anAttachment({ name: '../../etc/passwd' })]), ...at('M', `${A}/AttachmentName`)),
  invalid('attachment-name-twice', letter({ references: [...base.references, twice] }, [anAttachment(), anAttachment({ contentId: twice.contentId })]), ...at('M', `${A}[2]/AttachmentName`)),
  invalid('attachment-empty', letter({}, [anAttachment({ bytes: Buffer.alloc(0) })]), ...at('M', `${A}/ContentTransferEncoded`)),
  invalid('attachment-not-base64', edited(/(<edXML:ContentTransferEncoded[^>]*>.{40})./, '$1*'), ...at('M', `${A}/ContentTransferEncoded`)),
  invalid('attachment-missing', letter({ references: [...base.references, twice] }), ...at('M', `${MANIFEST}/Reference[2]`)),
  invalid('reference-missing', letter({}, [anAttachment(), anAttachment({ contentId: twice.contentId, name: 'Phụ lục.pdf' })]), ...at('M', `${A}[2]`)),
  invalid('content-id-twice', letter({ references: [...base.references, ...base.references] }), ...at('M', `${MANIFEST}/Reference[2]`)),
]; // biome-ignore format: a table

const STATUS_FAULTS: readonly InvalidExample[] = [
  invalid('status-code-missing', statusWith('', {}), ...at('N', `${H}/StatusCode`)),
  invalid('status-code-in-words', statusWith('done', {}), ...at('M', `${H}/StatusCode`)),
  invalid('status-02-without-reason', statusWith('02', { description: '' }), ...at('N', `${H}/Description`), CONDITION),
  invalid('status-13-without-reason', statusWith('13', { description: '' }), ...at('N', `${H}/Description`), CONDITION),
  invalid('status-16-without-reason', statusWith('16', { description: '' }), ...at('N', `${H}/Description`), CONDITION),
  invalid('status-without-agency', statusWith('03', { responseFor: { ...aStatus('03').responseFor, organId: '' } }), ...at('N', `${H}/ResponseFor/OrganId`)),
  invalid('status-without-document', statusWith('03', { responseFor: { ...aStatus('03').responseFor, documentId: '' } }), ...at('N', `${H}/ResponseFor/DocumentId`)),
  invalid('status-time-missing', statusWith('03', { timestamp: '' }), ...at('N', `${H}/Timestamp`)),
  invalid('status-time-without-hours', statusWith('03', { timestamp: '2026/03/16' }), ...at('M', `${H}/Timestamp`)),
]; // biome-ignore format: a table

const WRITING_FAULTS: readonly InvalidExample[] = [
  invalid('root-of-another-name', edited(/<(\/?)edXML\b(?!:)/g, '<$1edoc'), 'M.edXML', ''),
  invalid('namespace-of-the-old-e-doc', edited(/QCVN_102_2016/g, 'eDoc'), 'M.edXML', 'edXML'),
  invalid('subject-twice', edited('<edXML:Subject>', '<edXML:Subject>Khác</edXML:Subject><edXML:Subject>'), ...at('M', `${H}/Subject[2]`)),
  invalid('element-inside-a-value', edited('<edXML:Subject>', '<edXML:Subject><edXML:b/>'), ...at('M', `${H}/Subject`)),
  invalid('comment-inside-a-value', edited('<edXML:Subject>V/v', '<edXML:Subject>V/v<!-- -->'), ...at('M', `${H}/Subject`), LEXICAL),
  invalid('cdata', edited(/<edXML:Subject>([^<]*)</, '<edXML:Subject><![CDATA[$1]]><'), 'M.edXML', '', LEXICAL),
  invalid('doctype', edited('?>\n', '?>\n<!DOCTYPE edXML>\n'), 'M.edXML', '', LEXICAL),
  invalid('processing-instruction', edited('?>\n', '?>\n<?xml-stylesheet href="a.xsl"?>\n'), 'M.edXML', '', LEXICAL),
  invalid('not-closed', edited('</edXML>\n', '\n'), 'M.edXML', ''),
  invalid('another-encoding', edited('encoding="UTF-8"', 'encoding="ISO-8859-1"'), 'M.edXML', '', LEXICAL),
]; // biome-ignore format: a table

export const INVALID: readonly InvalidExample[] = [
  ...DOCUMENT_FAULTS,
  ...ATTACHMENT_FAULTS,
  ...STATUS_FAULTS,
  ...WRITING_FAULTS,
];
