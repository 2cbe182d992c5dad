import type { VerificationCode } from '../verification/index.ts';
import type { Bilingual } from './language.ts';

type SignatureCode = Extract<
  VerificationCode,
  `file.${string}` | `cms.${string}` | `timestamp.${string}` | `policy.${string}` | 'format-not-judged'
>;

/** Sentences about files, CMS signatures, time-stamps and the policy's demands. */
export const signatureVerdicts: Readonly<Record<SignatureCode, Bilingual>> = {
  'file.limit-exceeded': {
    vi: 'Tệp đòi hỏi khối lượng kiểm tra vượt giới hạn',
    en: 'Judging the file takes more work than is allowed',
  },
  'file.not-readable': { vi: 'Không đọc được tệp', en: 'The file cannot be read' },
  'format-not-judged': {
    vi: 'Tệp có chữ ký ở định dạng chưa được kiểm tra',
    en: 'The file has a signature in a format that is not judged yet',
  },
  'file.two-formats': {
    vi: 'Tệp có thể được mở như một định dạng khác, với nội dung không được ký',
    en: 'The file can be opened as another format, with content that nobody signed',
  },
  'file.counter-signature-not-passed': {
    vi: 'Có chữ ký xác nhận không đạt; chữ ký được xác nhận không bị ảnh hưởng',
    en: 'A counter-signature did not pass; the signature that it confirms is not affected',
  },
  'file.signer-not-declared': {
    vi: 'Người ký không phải người mà văn bản nêu',
    en: 'The signer is not the one that the document names',
  },
  'file.declared-unreadable': {
    vi: 'Không hiểu được tên người ký mà văn bản nêu',
    en: 'The signer that the document names cannot be understood',
  },
  'cms.not-der': {
    vi: 'Chữ ký trong PDF không được mã hóa theo DER',
    en: 'The signature inside the PDF is not encoded in DER',
  },
  'cms.malformed': { vi: 'Cấu trúc chữ ký CMS bị hỏng', en: 'The CMS signature is malformed' },
  'cms.attribute-repeated': {
    vi: 'Một thuộc tính đã ký xuất hiện nhiều lần',
    en: 'A signed attribute stands more than once',
  },
  'cms.attributes-not-sorted': {
    vi: 'Các thuộc tính đã ký không theo thứ tự của DER',
    en: 'The signed attributes are not in the order of DER',
  },
  'cms.content-type-missing': {
    vi: 'Thiếu thuộc tính loại nội dung (content-type)',
    en: 'The content-type attribute is missing',
  },
  'cms.content-type-mismatch': {
    vi: 'Loại nội dung đã ký không phải loại nội dung trong tệp',
    en: 'The content type that was signed is not the one in the file',
  },
  'cms.message-digest-missing': {
    vi: 'Thiếu mã băm của nội dung trong chữ ký',
    en: 'The signature lacks the digest of the content',
  },
  'cms.message-digest-mismatch': {
    vi: 'Nội dung đã bị thay đổi sau khi ký',
    en: 'The content was changed after it was signed',
  },
  'cms.signature-wrong': {
    vi: 'Giá trị chữ ký sai, hoặc không do khóa của chứng thư này tạo ra',
    en: "The signature value is wrong, or not made with this certificate's key",
  },
  'cms.signing-certificate-mismatch': {
    vi: 'Chữ ký nêu một chứng thư khác với chứng thư kèm theo',
    en: 'The signature names another certificate than the one that comes with it',
  },
  'cms.signing-certificate-missing': {
    vi: 'Chữ ký không gắn với chứng thư của người ký (thiếu signing-certificate)',
    en: "The signature is not bound to the signer's certificate (no signing-certificate attribute)",
  },
  'cms.signing-certificate-sha1': {
    vi: 'Chữ ký gắn với chứng thư bằng SHA-1 đã lỗi thời',
    en: 'The signature is bound to its certificate by the outdated SHA-1',
  },
  'cms.signed-attributes-missing': {
    vi: 'Chữ ký không có thuộc tính đã ký, nên không chắc nội dung nào được ký',
    en: 'The signature has no signed attributes, so what was signed is not certain',
  },
  'cms.algorithm-mismatch': {
    vi: 'Các nơi trong chữ ký nêu thuật toán khác nhau',
    en: 'Places of the signature name different algorithms',
  },
  'cms.algorithm-unsupported': {
    vi: 'Thuật toán của chữ ký không được hỗ trợ',
    en: 'The algorithm of the signature is not supported',
  },
  'cms.certificate-not-found': {
    vi: 'Không tìm thấy chứng thư của người ký',
    en: "The signer's certificate was not found",
  },
  'cms.certificate-unreadable': {
    vi: 'Một chứng thư kèm theo không đọc được',
    en: 'A certificate that comes with the signature cannot be read',
  },
  'cms.content-missing': {
    vi: 'Không có nội dung được ký (chữ ký tách rời)',
    en: 'The signed content is not there (the signature is detached)',
  },
  'cms.content-differs': {
    vi: 'Trong chữ ký CMS có nội dung khác với nội dung được ký',
    en: 'The CMS carries other content than what was signed',
  },
  'cms.counter-signature-not-judged': {
    vi: 'Có chữ ký xác nhận kèm theo chưa được kiểm tra',
    en: 'There is a counter-signature that was not judged',
  },
  'cms.archive-timestamp-not-judged': {
    vi: 'Có dấu thời gian lưu trữ kiểu cũ chưa được kiểm tra',
    en: 'There is an archive time-stamp of an older kind that was not judged',
  },
  'cms.too-many-signatures': {
    vi: 'Có quá nhiều chữ ký xác nhận lồng nhau',
    en: 'There are too many nested counter-signatures',
  },
  'cms.signing-time-differs': {
    vi: 'Giờ ký do người ký khai lệch với dấu thời gian',
    en: 'The claimed signing time differs from the time-stamp',
  },
  'cms.signing-time-offset': {
    vi: 'Giờ ký do người ký khai lệch bảy giờ (giờ Việt Nam ghi thành giờ UTC)',
    en: 'The claimed signing time is seven hours off (Vietnamese time written as UTC)',
  },
  'cms.ber-encoded': { vi: 'Chữ ký được mã hóa theo BER', en: 'The signature is encoded in BER' },
  'timestamp.malformed': { vi: 'Dấu thời gian bị hỏng', en: 'The time-stamp is malformed' },
  'timestamp.imprint-mismatch': {
    vi: 'Dấu thời gian được cấp cho dữ liệu khác',
    en: 'The time-stamp was given for other data',
  },
  'timestamp.index-missing': {
    vi: 'Dấu thời gian lưu trữ không có danh mục những gì nó bảo vệ',
    en: 'The archive time-stamp has no index of what it covers',
  },
  'timestamp.index-mismatch': {
    vi: 'Danh mục của dấu thời gian lưu trữ không khớp với chữ ký',
    en: "The archive time-stamp's index does not fit the signature",
  },
  'timestamp.usage': {
    vi: 'Chứng thư của bên cấp dấu thời gian không dành cho việc này',
    en: "The time-stamping authority's certificate is not for time-stamping",
  },
  'timestamp.signing-certificate-missing': {
    vi: 'Dấu thời gian không gắn với chứng thư của bên cấp',
    en: "The time-stamp is not bound to its authority's certificate",
  },
  'timestamp.outside-certificate-life': {
    vi: 'Thời điểm của dấu nằm ngoài hạn chứng thư của bên cấp',
    en: "The time of the stamp lies outside its authority's certificate",
  },
  'timestamp.in-the-future': {
    vi: 'Dấu thời gian ghi một thời điểm trong tương lai',
    en: 'The time-stamp states a time in the future',
  },
  'timestamp.order': {
    vi: 'Thứ tự các dấu thời gian mâu thuẫn nhau',
    en: 'The order of the time-stamps is contradictory',
  },
  'timestamp.inaccurate': {
    vi: 'Dấu thời gian tự khai sai số quá lớn nên không chứng minh được thời điểm',
    en: 'The time-stamp states an error that is too large to prove a time',
  },
  'timestamp.authority-revoked-later': {
    vi: 'Chứng thư của bên cấp dấu thời gian bị thu hồi sau đó, với lý do không ảnh hưởng',
    en: "The time-stamping authority's certificate was revoked later, for a harmless reason",
  },
  'timestamp.not-accepted': {
    vi: 'Có dấu thời gian không được chấp nhận, nên không chứng minh được thời điểm',
    en: 'A time-stamp was not accepted and proves no time',
  },
  'timestamp.too-many': {
    vi: 'Có quá nhiều dấu thời gian; phần còn lại không được kiểm tra',
    en: 'There are too many time-stamps; the rest was not judged',
  },
  'policy.digest-not-allowed': {
    vi: 'Thuật toán băm không được chính sách chấp nhận',
    en: 'The policy does not accept the digest algorithm',
  },
  'policy.signature-algorithm-not-allowed': {
    vi: 'Thuật toán ký không được chính sách chấp nhận',
    en: 'The policy does not accept the signature algorithm',
  },
  'policy.algorithm-expired': {
    vi: 'Thuật toán đã hết thời hạn được tin cậy mà không chứng minh được đã ký trước đó',
    en: 'The algorithm is not trusted any more, and nothing proves that it was used before',
  },
  'policy.signing-certificate-demanded': {
    vi: 'Chính sách đòi chữ ký phải gắn với chứng thư (signing-certificate)',
    en: 'The policy demands that the signature is bound to its certificate',
  },
  'policy.timestamp-demanded': {
    vi: 'Chính sách đòi phải có dấu thời gian được chấp nhận',
    en: 'The policy demands an accepted time-stamp',
  },
  'policy.anchor-not-accepted': {
    vi: 'Chính sách không chấp nhận tổ chức chứng thực gốc của chứng thư này',
    en: 'The policy does not accept the root authority of this certificate',
  },
  'policy.not-in-force': {
    vi: 'Chính sách kiểm tra không có hiệu lực tại thời điểm kiểm tra',
    en: 'The policy is not in force at the time of validation',
  },
};
