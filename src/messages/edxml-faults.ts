import type { EdxmlErrorCode, EdxmlFault } from '../edxml/index.ts';
import type { Bilingual, Language } from './language.ts';

/** Vietnamese and English names of elements, by their name or, where that says too little, with the one above. */
const FIELDS: Readonly<Record<string, Bilingual>> = {
  OrganId: { vi: 'mã định danh cơ quan', en: 'agency code' },
  OrganName: { vi: 'tên cơ quan', en: 'agency name' },
  To: { vi: 'cơ quan nhận', en: 'recipient' },
  CodeNumber: { vi: 'số văn bản', en: 'document number' },
  CodeNotation: { vi: 'ký hiệu văn bản', en: 'document notation' },
  Code: { vi: 'số, ký hiệu', en: 'number and notation' },
  Place: { vi: 'địa danh', en: 'place' },
  'ToPlaces/Place': { vi: 'dòng nơi nhận', en: 'line of the list of places' },
  PromulgationDate: { vi: 'ngày ban hành', en: 'date of issue' },
  Type: { vi: 'nhóm loại văn bản', en: 'document type group' },
  TypeDetail: { vi: 'số thứ tự loại văn bản', en: 'ordinal of the document type' },
  TypeName: { vi: 'tên loại văn bản', en: 'document type name' },
  Subject: { vi: 'trích yếu', en: 'subject' },
  Content: { vi: 'nội dung tóm tắt', en: 'summary' },
  Competence: { vi: 'thẩm quyền ký', en: 'authority of the signer' },
  Position: { vi: 'chức vụ người ký', en: 'position of the signer' },
  FullName: { vi: 'họ tên người ký', en: 'name of the signer' },
  DueDate: { vi: 'hạn xử lý', en: 'due date' },
  Priority: { vi: 'mức độ khẩn', en: 'urgency' },
  SphereOfPromulgation: { vi: 'phạm vi lưu hành', en: 'sphere of circulation' },
  PromulgationAmount: { vi: 'số lượng bản', en: 'number of copies' },
  PageAmount: { vi: 'số trang', en: 'number of pages' },
  Appendix: { vi: 'phụ lục', en: 'appendix' },
  SteeringType: { vi: 'loại chỉ đạo', en: 'steering type' },
  'ResponseFor/OrganId': { vi: 'mã cơ quan của văn bản được trả lời', en: 'agency of the answered document' },
  'ResponseFor/DocumentId': { vi: 'mã định danh văn bản được trả lời', en: 'id of the answered document' },
  'ResponseFor/Code': {
    vi: 'số, ký hiệu văn bản được trả lời',
    en: 'number and notation of the answered document',
  },
  'ResponseFor/PromulgationDate': {
    vi: 'ngày ban hành văn bản được trả lời',
    en: 'date of issue of the answered document',
  },
  DocumentId: { vi: 'mã định danh văn bản', en: 'document id' },
  StatusCode: { vi: 'mã trạng thái', en: 'status code' },
  Description: { vi: 'lý do, mô tả', en: 'reason or description' },
  Timestamp: { vi: 'thời điểm', en: 'time stamp' },
  BussinessDocType: { vi: 'nghiệp vụ văn bản', en: 'business type' },
  BussinessDocReason: { vi: 'lý do nghiệp vụ', en: 'reason of the business type' },
  'Bussiness/DocumentId': {
    vi: 'mã định danh văn bản bị thu hồi hoặc cập nhật',
    en: 'id of the document that is revoked or updated',
  },
  DocumentInfo: { vi: 'cờ thay đổi nội dung', en: 'flag of changed content' },
  DocumentReceiver: { vi: 'cờ thay đổi nơi nhận', en: 'flag of changed recipients' },
  'Receiver/OrganId': { vi: 'mã cơ quan được thêm hoặc bớt', en: 'agency that is added or removed' },
  ReceiverType: { vi: 'loại thay đổi nơi nhận', en: 'kind of change of a recipient' },
  Paper: { vi: 'cờ kèm bản giấy', en: 'flag of a paper copy' },
  Reference: { vi: 'mô tả tệp đính kèm', en: 'reference to an attachment' },
  ContentId: { vi: 'mã tệp đính kèm', en: 'content id of an attachment' },
  AttachmentName: { vi: 'tên tệp đính kèm', en: 'attachment name' },
  ContentTransferEncoded: { vi: 'nội dung tệp đính kèm', en: 'attachment content' },
  'ReplacementInfo/DocumentId': { vi: 'mã định danh văn bản bị thay thế', en: 'id of the replaced document' },
  'OrganIdList/OrganId': { vi: 'mã cơ quan nhận thay thế', en: 'agency for which a document is replaced' },
  ReplacementInfo: { vi: 'văn bản bị thay thế', en: 'replaced document' },
  'TraceHeader/OrganId': { vi: 'mã cơ quan của vết gửi nhận', en: 'agency of a trace header' },
  'TraceHeader/Timestamp': { vi: 'thời điểm của vết gửi nhận', en: 'time stamp of a trace header' },
  TraceHeader: { vi: 'vết gửi nhận', en: 'trace header' },
};

const EXPECTED: Readonly<Record<string, Bilingual>> = {
  date: { vi: 'ngày dạng yyyy/MM/dd', en: 'a date as yyyy/MM/dd' },
  'date-time': {
    vi: 'thời điểm dạng yyyy/MM/dd HH:mm:ss, giờ Việt Nam',
    en: 'a time as yyyy/MM/dd HH:mm:ss in Vietnam time',
  },
  'not-future': { vi: 'không sau ngày hiện tại', en: 'not after today' },
  'not-before-previous': { vi: 'không trước vết liền trước', en: 'not before the previous one' },
  'agency-code': {
    vi: 'mã theo QĐ 20/2020, ví dụ H53.06',
    en: 'a code in the form of QĐ 20/2020, for example H53.06',
  },
  unique: { vi: 'không trùng với phần tử khác', en: 'different from the others' },
  'two-digits': { vi: 'hai chữ số', en: 'two digits' },
  'file-name': {
    vi: 'một tên tệp, không có đường dẫn hoặc ký tự điều khiển',
    en: 'a file name without a path or control characters',
  },
  'not-reserved': {
    vi: 'tên tệp mở được trên mọi máy (Windows dành riêng tên này)',
    en: 'a file name that every system takes (Windows reserves this one)',
  },
  present: { vi: 'có giá trị', en: 'present' },
};

/** What a file that cannot be read is told; a code without both languages does not compile. */
const READING: Record<EdxmlErrorCode, Bilingual> = {
  'edxml.not-well-formed': { vi: 'XML không đúng cú pháp', en: 'the XML is not well-formed' },
  'edxml.dtd-forbidden': {
    vi: 'không được có DOCTYPE; hãy bỏ khai báo này',
    en: 'a DOCTYPE is not allowed; remove it',
  },
  'edxml.entity-forbidden': { vi: 'không được khai báo hoặc dùng entity', en: 'entities are not allowed' },
  'edxml.processing-instruction-forbidden': {
    vi: 'không được có chỉ thị xử lý <?…?>',
    en: 'processing instructions are not allowed',
  },
  'edxml.cdata-forbidden': {
    vi: 'không được dùng CDATA; hãy mã hóa ký tự đặc biệt',
    en: 'CDATA is not allowed; escape special characters',
  },
  'edxml.comment-forbidden': {
    vi: 'không được có chú thích bên trong giá trị',
    en: 'a comment inside a value is not allowed',
  },
  'edxml.encoding': { vi: 'chỉ nhận UTF-8', en: 'only UTF-8 is read' },
  'edxml.too-deep': { vi: 'các phần tử lồng quá sâu', en: 'elements are nested too deeply' },
  'edxml.too-many-elements': {
    vi: 'quá nhiều phần tử hoặc thuộc tính',
    en: 'too many elements or attributes',
  },
  'edxml.too-large': { vi: 'vượt quá giới hạn kích thước', en: 'larger than the limit' },
  'edxml.wrong-root': {
    vi: 'thiếu phần tử gốc edXML hoặc phong bì edXMLEnvelope/edXMLHeader/MessageHeader',
    en: 'the root edXML or edXMLEnvelope/edXMLHeader/MessageHeader is missing',
  },
  'edxml.element-repeated': {
    vi: 'phần tử chỉ được xuất hiện một lần',
    en: 'this element may stand only once',
  },
  'edxml.namespace': {
    vi: 'sai namespace; phải là http://www.mic.gov.vn/TBT/QCVN_102_2016',
    en: 'wrong namespace; it must be http://www.mic.gov.vn/TBT/QCVN_102_2016',
  },
  'edxml.attachment-base64': {
    vi: 'nội dung tệp đính kèm không phải base64',
    en: 'attachment content is not base64',
  },
  'edxml.attachment-unpaired': {
    vi: 'mỗi Reference phải có đúng một Attachment cùng ContentId và ngược lại',
    en: 'every Reference needs exactly one Attachment with its ContentId, and the reverse',
  },
  'edxml.attachment-duplicate': { vi: 'ContentId bị trùng', en: 'a ContentId is used twice' },
  'edxml.attachment-too-large': { vi: 'tệp đính kèm quá lớn', en: 'an attachment is too large' },
  'edxml.attachment-kind': {
    vi: 'loại tệp đính kèm không được nhận',
    en: 'this kind of attachment is not taken',
  },
  'edxml.zip-invalid': {
    vi: 'tệp ZIP bọc ngoài không hợp lệ (phải có đúng một tệp bên trong)',
    en: 'the wrapping ZIP is not valid (it must hold exactly one file)',
  },
  'edxml.zip-bomb': { vi: 'tệp ZIP nở ra quá lớn', en: 'the ZIP expands too much' },
};

/** One sentence for a fault: which field, what is wrong, what would be right. */
export function edxmlFaultSentence(fault: EdxmlFault, language: Language): string {
  const where =
    fault.line === null ? '' : language === 'vi' ? ` (dòng ${fault.line})` : ` (line ${fault.line})`;
  const reading = (READING as Readonly<Record<string, Bilingual>>)[fault.expected];
  if (reading)
    return `${capital(reading[language])}${fault.actual === '' ? '' : `: ${fault.actual}`}${where}.`;
  const field = fieldName(fault.path, language);
  if (fault.kind === 'N')
    return language === 'vi' ? `Thiếu ${field}${where}.` : `The ${field} is missing${where}.`;
  const special = sentenceOf(fault, field, language);
  if (special) return `${capital(special)}${where}.`;
  const expected = expectation(fault.expected, language);
  if (language === 'vi') return `${capital(field)} là "${fault.actual}"; cần ${expected}${where}.`;
  return `The ${field} is "${fault.actual}"; expected: ${expected}${where}.`;
}

/** Faults of which "is …; expected: …" would say nothing: lengths and emptiness. */
function sentenceOf({ expected, actual }: EdxmlFault, field: string, language: Language): string | null {
  const max = /^max:(\d+)$/.exec(expected)?.[1];
  if (max)
    return language === 'vi'
      ? `${field} có ${actual} ký tự; tối đa ${max}`
      : `the ${field} has ${actual} characters; at most ${max} are allowed`;
  if (expected === 'not-empty') return language === 'vi' ? `${field} bị rỗng` : `the ${field} is empty`;
  return null;
}

function fieldName(path: string, language: Language): string {
  const [last = path, above] = path
    .replace(/\[\d+\]/g, '')
    .split('/')
    .reverse();
  const ordinal = /\[(\d+)\]/.exec(path)?.[1];
  const name = (FIELDS[`${above}/${last}`] ?? FIELDS[last])?.[language] ?? last;
  const side = path.includes('/From/')
    ? { vi: ' của bên gửi', en: ' of the sender' }
    : /\/To[/[]/.test(path)
      ? { vi: ' của bên nhận', en: ' of a recipient' }
      : null;
  return `${name}${side?.[language] ?? ''}${ordinal === undefined ? '' : ` (${ordinal})`} [${path}]`;
}

function expectation(expected: string, language: Language): string {
  const known = EXPECTED[expected];
  if (known) return known[language];
  const range = /^(\d+)\.\.(\d+)$/.exec(expected);
  if (range)
    return language === 'vi'
      ? `số từ ${range[1]} đến ${range[2]}`
      : `a number from ${range[1]} to ${range[2]}`;
  return expected;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
