import type {
  FileFormat,
  FileReport,
  LaterChange,
  SignatureReport,
  TimestampReport,
} from '../verification/index.ts';
import type { Bilingual } from './language.ts';

/** Verdicts as an official reads them (TT 41/2017/TT-BTTTT: valid, not valid, not enough grounds). */
export const REPORT_VERDICTS: Readonly<Record<FileReport['indication'], Bilingual>> = {
  TOTAL_PASSED: { vi: 'Hợp lệ', en: 'Valid' },
  INDETERMINATE: { vi: 'Chưa đủ căn cứ để kết luận', en: 'Not decided' },
  TOTAL_FAILED: { vi: 'Không hợp lệ', en: 'Not valid' },
  NO_SIGNATURE: { vi: 'Không có chữ ký số', en: 'No signature' },
};

/** What a verdict on a file means in one sentence. */
export const REPORT_MEANINGS: Readonly<Record<FileReport['indication'], Bilingual>> = {
  TOTAL_PASSED: {
    vi: 'Mọi chữ ký số trong tệp đều đạt tất cả các bước kiểm tra.',
    en: 'Every signature in the file passed every check.',
  },
  INDETERMINATE: {
    vi: 'Dữ liệu hiện có chưa đủ để kết luận chữ ký đúng hay sai. Kiểm tra lại khi có thêm dữ liệu.',
    en: 'The data at hand do not tell whether the signatures are right or wrong. Check again when there is more.',
  },
  TOTAL_FAILED: {
    vi: 'Có căn cứ chắc chắn rằng tệp hoặc chữ ký không đúng. Không sử dụng tệp này.',
    en: 'The file or a signature is provably wrong. Do not use this file.',
  },
  NO_SIGNATURE: {
    vi: 'Tệp không mang chữ ký số nào.',
    en: 'The file carries no signature.',
  },
};

/** What was done to a PDF in a revision after a signature. */
export const LATER_CHANGES: Readonly<Record<LaterChange['kind'], Bilingual>> = {
  signature: { vi: 'thêm chữ ký số', en: 'a signature was added' },
  'document-timestamp': { vi: 'thêm dấu thời gian cho cả tệp', en: 'a time-stamp over the file was added' },
  'validation-data': {
    vi: 'thêm dữ liệu phục vụ kiểm tra lâu dài',
    en: 'data for long-term validation were added',
  },
  'number-date-or-seal': {
    vi: 'đóng số, ngày ban hành hoặc hình con dấu',
    en: 'number, date or the picture of a seal were stamped',
  },
  'form-fill': { vi: 'điền vào biểu mẫu', en: 'a form was filled in' },
  metadata: { vi: 'sửa thông tin mô tả của tệp', en: "the file's metadata were changed" },
  'not-allowed': { vi: 'thay đổi không được phép', en: 'a change that is not allowed' },
};

export const FORMATS: Readonly<Record<FileFormat, Bilingual>> = {
  pdf: { vi: 'PDF', en: 'PDF' },
  xml: { vi: 'XML', en: 'XML' },
  cms: { vi: 'tệp chữ ký CMS', en: 'CMS signature file' },
  asic: { vi: 'gói ASiC', en: 'ASiC container' },
  ooxml: { vi: 'tài liệu OOXML', en: 'OOXML document' },
  odf: { vi: 'tài liệu ODF', en: 'ODF document' },
  none: { vi: 'tệp không có định dạng ký số', en: 'no format of signatures' },
};

export const COVERAGES: Readonly<Record<SignatureReport['coverage'], Bilingual>> = {
  'whole-file': { vi: 'toàn bộ tệp', en: 'the whole file' },
  'whole-revision': { vi: 'toàn bộ bản của tệp tại lúc ký', en: 'the whole file as it was when signed' },
  part: { vi: 'một phần của tệp', en: 'a part of the file' },
  none: { vi: 'không xác định được', en: 'not known' },
};

export const TIMESTAMP_KINDS: Readonly<Record<TimestampReport['kind'], Bilingual>> = {
  signature: { vi: 'dấu thời gian của chữ ký', en: 'time-stamp of the signature' },
  document: { vi: 'dấu thời gian của tệp', en: 'time-stamp of the file' },
  archive: { vi: 'dấu thời gian lưu trữ', en: 'archive time-stamp' },
};

/** Labels and sentences of the verification report; `{name}` stands for a fact. */
export const REPORT_WORDS = {
  paperTitle: { vi: 'Kiểm tra lại văn bản này', en: 'Check this document again' },
  paperText: {
    vi: 'Quét mã, hoặc nhập mã dưới đây vào trang kiểm tra: ai cũng kiểm tra được văn bản và hiệu lực hiện nay của nó.',
    en: 'Scan the code or type it in: anybody can check the document and its standing today.',
  },
  title: { vi: 'Báo cáo kiểm tra chữ ký số', en: 'Signature verification report' },
  checkedAt: {
    vi: 'Kiểm tra lúc {time}, theo chính sách {policy}.',
    en: 'Checked at {time} under policy {policy}.',
  },
  document: { vi: 'Mã văn bản trên Trục', en: 'Document id' },
  result: { vi: 'Kết quả', en: 'Result' },
  main: { vi: 'Văn bản chính', en: 'Main document' },
  annex: { vi: 'Phụ lục, tệp kèm theo', en: 'Annex' },
  envelope: { vi: 'Phong bì điện tử (edXML)', en: 'Envelope (edXML)' },
  file: { vi: 'Tệp', en: 'File' },
  unnamed: { vi: 'Tệp được kiểm tra', en: 'The file' },
  envelopeUnsigned: {
    vi: 'Phong bì không được ký. Chữ ký của phong bì không bắt buộc và không ảnh hưởng tới giá trị của văn bản.',
    en: 'The envelope is not signed. Its signature is optional and does not affect the value of the document.',
  },
  law: { vi: 'Giá trị pháp lý', en: 'Value in law' },
  replacesPaper: {
    vi: 'Đủ điều kiện kỹ thuật để có giá trị như bản gốc văn bản giấy',
    en: 'Meets the technical conditions to replace the paper original',
  },
  replacesPaperWhy: {
    vi: 'Xét tại thời điểm kiểm tra {time}. Đây là phần máy tính kiểm tra được; bên nhận quyết định.',
    en: 'As of the time of the check, {time}. This is what can be computed; the receiver decides.',
  },
  forInformation: { vi: 'Chỉ để biết, tham khảo', en: 'For information only' },
  forInformationWhy: { vi: 'Lý do', en: 'Reasons' },
  lawNotJudged: { vi: 'Không xét khi kiểm tra tệp rời', en: 'Not judged for a file alone' },
  lawNotJudgedWhy: {
    vi: 'Giá trị pháp lý phụ thuộc vào cơ quan gửi và danh bạ người ký, chỉ biết được khi văn bản đi qua Trục.',
    en: 'It depends on the sending agency and on the registry of signers, which are known only when a document passes the axis.',
  },
  lawSource: {
    vi: 'Căn cứ: Điều 4 Quyết định số 28/2018/QĐ-TTg; khoản 1 Điều 5 và Điều 18 Nghị định số 30/2020/NĐ-CP.',
    en: 'Source: Decision 28/2018/QĐ-TTg, article 4; Decree 30/2020/NĐ-CP, articles 5.1 and 18.',
  },
  declared: { vi: 'Người ký mà văn bản điện tử nêu', en: 'Signer that the envelope names' },
  signature: { vi: 'Chữ ký {n}', en: 'Signature {n}' },
  counterSignature: { vi: 'Chữ ký xác nhận {n}', en: 'Counter-signature {n}' },
  confirms: { vi: 'Xác nhận chữ ký “{id}”.', en: 'Confirms signature “{id}”.' },
  signatures: { vi: '{n} chữ ký số', en: '{n} signatures' },
  oneSignature: { vi: '1 chữ ký số', en: '1 signature' },
  more: {
    vi: 'Còn {n} chữ ký không in ở đây; báo cáo dạng JSON có đủ.',
    en: '{n} further signatures are not shown here; the report as JSON has them all.',
  },
  moreItems: { vi: '… và {n} mục nữa', en: '… and {n} more' },
  who: { vi: 'Ai ký?', en: 'Who signed?' },
  nobody: { vi: 'Không xác định được người ký', en: 'The signer is not known' },
  named: { vi: 'Chứng thư ghi tên: {name}', en: 'The certificate names {name}' },
  notProvenYet: {
    vi: 'Chưa đủ căn cứ để khẳng định người này đã ký.',
    en: 'It is not decided whether this is who signed.',
  },
  notProven: {
    vi: 'Chữ ký không đạt, nên không chứng minh được người này đã ký.',
    en: 'The signature failed, so it does not prove that this is who signed.',
  },
  oddLetters: {
    vi: 'Tên có chữ cái không thuộc bảng chữ tiếng Việt: {letters}.',
    en: 'The name has letters that Vietnamese does not have: {letters}.',
  },
  notDeclared: {
    vi: 'Không phải người ký mà văn bản điện tử nêu.',
    en: 'This is not the signer that the envelope names.',
  },
  person: { vi: 'Với tư cách cá nhân: {title}, {agency}.', en: 'As a person: {title}, {agency}.' },
  personNoTitle: { vi: 'Với tư cách cá nhân thuộc {agency}.', en: 'As a person of {agency}.' },
  agency: { vi: 'Chữ ký của cơ quan: {agency}.', en: 'Signature of the agency: {agency}.' },
  byRegistry: {
    vi: 'Theo danh bạ của Trục tại thời điểm ký.',
    en: 'By the registry of the axis when it was signed.',
  },
  unbound: {
    vi: 'Chứng thư chưa có trong danh bạ nên không rõ ký với tư cách gì.',
    en: 'The certificate is not in the registry, so the capacity is not known.',
  },
  capacityNotJudged: {
    vi: 'Tư cách ký không được đối chiếu với danh bạ.',
    en: 'The capacity was not looked up in the registry.',
  },
  organization: { vi: 'Tổ chức ghi trên chứng thư: {name}.', en: 'Organisation in the certificate: {name}.' },
  when: { vi: 'Ký khi nào?', en: 'When?' },
  provenTime: {
    vi: 'Đã được ký trước {time}, theo đồng hồ của dịch vụ cấp dấu thời gian {authority}.',
    en: 'Signed before {time}, by the clock of the time-stamping authority {authority}.',
  },
  stampedTime: {
    vi: 'Có dấu thời gian lúc {time} của {authority}, nhưng chữ ký không đạt.',
    en: 'There is a time-stamp of {time} by {authority}, but the signature failed.',
  },
  claimedTime: {
    vi: 'Người ký tự khai: {time} (đồng hồ của máy người ký, không có giá trị chứng minh).',
    en: "Claimed by the signer: {time} (the signer's own clock, which proves nothing).",
  },
  noTime: {
    vi: 'Không có dấu thời gian nào được chấp nhận để chứng minh thời điểm ký.',
    en: 'No accepted time-stamp proves when it was signed.',
  },
  whole: { vi: 'Có nguyên vẹn không?', en: 'Is it whole?' },
  wholeYes: { vi: 'Nguyên vẹn: nội dung đúng như lúc ký.', en: 'Whole: the content is as it was signed.' },
  wholeNo: { vi: 'Không nguyên vẹn.', en: 'Not whole.' },
  wholeOpen: { vi: 'Chưa kết luận được.', en: 'Not decided.' },
  covers: { vi: 'Phạm vi ký: {coverage}.', en: 'It covers {coverage}.' },
  signedFiles: { vi: 'Các tệp được ký: {names}', en: 'Signed files: {names}' },
  trust: { vi: 'Chứng thư có tin cậy không?', en: 'Can the certificate be trusted?' },
  trustYes: {
    vi: 'Tin cậy: chứng thư còn hiệu lực khi ký và do nơi được chấp nhận cấp.',
    en: 'Trusted: the certificate was valid and comes from an accepted issuer.',
  },
  trustNo: { vi: 'Không tin cậy.', en: 'Not trusted.' },
  trustOpen: { vi: 'Chưa kết luận được.', en: 'Not decided.' },
  trustSkipped: {
    vi: 'Không xét, vì chữ ký không đạt ở bước trên.',
    en: 'Not looked at, since the signature failed above.',
  },
  chain: { vi: 'Chuỗi chứng thư: {chain}', en: 'Chain of certificates: {chain}' },
  issuedBy: { vi: 'Chứng thư ghi nơi cấp: {issuer}', en: 'Issuer in the certificate: {issuer}' },
  after: { vi: 'Sau khi ký có gì thay đổi?', en: 'What was changed afterwards?' },
  afterNothing: { vi: 'Không có gì được thêm hay sửa.', en: 'Nothing was added or changed.' },
  afterUnknown: {
    vi: 'Không xét, vì nội dung không còn đúng như lúc ký.',
    en: 'Not looked at, since the content is not as it was signed.',
  },
  afterAllowed: { vi: 'Chỉ có những bổ sung được phép:', en: 'Only additions that are allowed:' },
  afterBad: { vi: 'Có thay đổi không được phép:', en: 'There are changes that are not allowed:' },
  revision: { vi: 'bản {n}: {change}', en: 'revision {n}: {change}' },
  advice: { vi: 'Cần làm gì?', en: 'What to do?' },
  notes: { vi: 'Lưu ý', en: 'Notes' },
  fileFaults: { vi: 'Về cả tệp', en: 'About the file' },
  unsigned: {
    vi: 'Tệp trong gói không được chữ ký nào bảo vệ: {names}',
    en: 'Files of the container that no signature covers: {names}',
  },
  technical: { vi: 'Chi tiết kỹ thuật', en: 'Technical details' },
  indication: { vi: 'Kết luận (ETSI EN 319 102-1)', en: 'Indication (ETSI EN 319 102-1)' },
  codes: { vi: 'Mã', en: 'Codes' },
  level: { vi: 'Mức chữ ký đạt được', en: 'Level reached' },
  algorithm: { vi: 'Thuật toán', en: 'Algorithm' },
  id: { vi: 'Tên chữ ký trong tệp', en: 'Id in the file' },
  subject: { vi: 'Chủ thể chứng thư', en: 'Subject' },
  issuer: { vi: 'Nơi cấp', en: 'Issuer' },
  number: { vi: 'Số chứng thư', en: 'Certificate number' },
  validity: { vi: 'Hiệu lực chứng thư', en: 'Validity of the certificate' },
  fingerprint: { vi: 'SHA-256 của chứng thư', en: 'SHA-256 of the certificate' },
  path: { vi: 'Chuỗi chứng thư (SHA-256)', en: 'Path (SHA-256)' },
  timestamps: { vi: 'Dấu thời gian', en: 'Time-stamps' },
  coverage: { vi: 'Phạm vi ký', en: 'Coverage' },
  bestTime: { vi: 'Thời điểm dùng để xét', en: 'Time used for judging' },
  changes: { vi: 'Thay đổi ở bản sau', en: 'Later changes' },
  sha256: { vi: 'SHA-256 của tệp', en: 'SHA-256 of the file' },
  size: { vi: 'Kích thước', en: 'Size' },
  bytes: { vi: '{n} byte', en: '{n} bytes' },
  format: { vi: 'Định dạng', en: 'Format' },
  policy: { vi: 'Chính sách kiểm tra', en: 'Policy' },
  validatedAt: { vi: 'Thời điểm kiểm tra', en: 'Time of the check' },
  page: { vi: 'Trang {n}/{of}', en: 'Page {n} of {of}' },
  digests: { vi: 'Tệp được kiểm tra, SHA-256: {sha256}', en: 'Judged file, SHA-256: {sha256}' },
  digestOfAll: {
    vi: 'SHA-256 của danh sách SHA-256 các tệp: {sha256}',
    en: "SHA-256 of the list of the files' SHA-256: {sha256}",
  },
  unknown: { vi: 'không rõ', en: 'not known' },
  footer: {
    vi: 'Báo cáo do phần mềm Trục lập từ dữ liệu có tại thời điểm kiểm tra. Giờ trong báo cáo là giờ Việt Nam (UTC+07:00).',
    en: 'Made by Trục from the data at hand at the time of the check. Times are Vietnam time (UTC+07:00).',
  },
} as const satisfies Record<string, Bilingual>;
