import type { VerificationCode } from '../verification/index.ts';
import type { Bilingual } from './language.ts';

type PdfCode = Extract<VerificationCode, `pdf.${string}`>;
type XmlCode = Extract<VerificationCode, `xml.${string}`>;

/** Sentences about signatures in PDF files. */
export const pdfVerdicts: Readonly<Record<PdfCode, Bilingual>> = {
  'pdf.not-a-pdf': { vi: 'Tệp không phải PDF', en: 'The file is not a PDF' },
  'pdf.syntax': { vi: 'Cú pháp PDF bị hỏng', en: 'The syntax of the PDF is broken' },
  'pdf.xref-malformed': {
    vi: 'Bảng tham chiếu của PDF bị hỏng',
    en: 'The cross-reference table of the PDF is malformed',
  },
  'pdf.object-malformed': { vi: 'Một đối tượng của PDF bị hỏng', en: 'An object of the PDF is malformed' },
  'pdf.trailing-bytes': {
    vi: 'Có dữ liệu lạ sau phần kết thúc của PDF',
    en: 'There are foreign bytes behind the end of the PDF',
  },
  'pdf.encrypted': { vi: 'PDF bị mã hóa', en: 'The PDF is encrypted' },
  'pdf.limit-exceeded': {
    vi: 'PDF lớn hoặc phức tạp hơn giới hạn kiểm tra',
    en: 'The PDF is larger or more complex than is judged',
  },
  'pdf.filter-unsupported': {
    vi: 'PDF dùng cách nén không được hỗ trợ',
    en: 'The PDF uses a compression that is not supported',
  },
  'pdf.signature-outside-form': {
    vi: 'Có chữ ký không nằm trong trường chữ ký nào của PDF',
    en: 'There is a signature that no field of the PDF shows',
  },
  'pdf.usage-rights-ignored': {
    vi: 'Chữ ký quyền sử dụng (Adobe) không được tính',
    en: 'A usage-rights signature was left out',
  },
  'pdf.signature-missing': {
    vi: 'Trường chữ ký không chứa chữ ký',
    en: 'The signature field holds no signature',
  },
  'pdf.duplicate-key': {
    vi: 'Từ điển chữ ký có khóa lặp lại',
    en: 'The signature dictionary repeats a key',
  },
  'pdf.byte-range-missing': {
    vi: 'Chữ ký không nêu phần tệp được ký (ByteRange)',
    en: 'The signature does not say which bytes it covers',
  },
  'pdf.byte-range-malformed': { vi: 'ByteRange sai dạng', en: 'The byte range is malformed' },
  'pdf.byte-range-not-from-start': {
    vi: 'Phần được ký không bắt đầu từ đầu tệp',
    en: 'The signed bytes do not begin at the start of the file',
  },
  'pdf.byte-range-gap': {
    vi: 'Phần được ký bỏ sót nhiều hơn chính chữ ký',
    en: 'The signed bytes leave out more than the signature itself',
  },
  'pdf.byte-range-end': {
    vi: 'Phần được ký không tới hết bản của tệp',
    en: 'The signed bytes do not reach the end of the revision',
  },
  'pdf.contents-missing': { vi: 'Chữ ký trống', en: 'The signature is empty' },
  'pdf.contents-malformed': {
    vi: 'Giá trị chữ ký trong PDF sai dạng',
    en: 'The signature value in the PDF is malformed',
  },
  'pdf.contents-padding': {
    vi: 'Có dữ liệu lạ sau giá trị chữ ký',
    en: 'There are foreign bytes behind the signature value',
  },
  'pdf.several-signers': {
    vi: 'Một chữ ký PDF chứa nhiều người ký',
    en: 'One PDF signature holds several signers',
  },
  'pdf.sub-filter-missing': {
    vi: 'Chữ ký không nêu định dạng (SubFilter)',
    en: 'The signature does not name its format',
  },
  'pdf.sub-filter-unsupported': {
    vi: 'Định dạng chữ ký PDF không được hỗ trợ',
    en: 'The format of the PDF signature is not supported',
  },
  'pdf.sub-filter-refused': {
    vi: 'Định dạng chữ ký PDF dựa trên SHA-1, không còn tin cậy',
    en: 'The format of the PDF signature rests on SHA-1, which is not trusted any more',
  },
  'pdf.signature-shared': {
    vi: 'Nhiều trường cùng hiển thị một chữ ký',
    en: 'Several fields show one signature',
  },
  'pdf.transform-unsupported': {
    vi: 'Chữ ký đặt điều kiện thay đổi mà hệ thống không hiểu',
    en: 'The signature sets rules for changes that are not understood',
  },
  'pdf.changed-after-signing': {
    vi: 'Văn bản bị thay đổi sau khi ký',
    en: 'The document was changed after it was signed',
  },
  'pdf.signature-removed': {
    vi: 'Chữ ký bị gỡ khỏi văn bản ở bản sau',
    en: 'A later revision took the signature out of the document',
  },
  'pdf.docmdp-violated': {
    vi: 'Thay đổi sau khi ký vượt quá điều người ký cho phép (DocMDP)',
    en: 'Changes after signing go beyond what the signer allows (DocMDP)',
  },
  'pdf.fieldmdp-violated': {
    vi: 'Một trường đã khóa bị thay đổi sau khi ký (FieldMDP)',
    en: 'A locked field was changed after signing (FieldMDP)',
  },
  'pdf.metadata-changed': {
    vi: 'Thông tin mô tả của tệp (tiêu đề, tác giả, thời điểm) đã được sửa sau khi ký',
    en: "The file's metadata (title, author, times) were changed after signing",
  },
  'pdf.active-content': {
    vi: 'Tệp có lệnh hoặc biểu mẫu động có thể làm thay đổi nội dung hiển thị',
    en: 'The file has actions or dynamic forms that can change what is shown',
  },
  'pdf.external-content': {
    vi: 'Một phần nội dung hiển thị nằm ở tệp khác, ngoài phạm vi chữ ký',
    en: 'A part of what is shown lies in another file, outside the signature',
  },
  'pdf.content-unreadable': {
    vi: 'Một phần nội dung của PDF không đọc được nên chưa kiểm tra được lệnh và nội dung động trong đó',
    en: 'A part of the PDF cannot be read, so nobody has looked for actions and dynamic content in it',
  },
  'pdf.unreferenced-content': {
    vi: 'PDF chứa nội dung ẩn không được tham chiếu',
    en: 'The PDF holds hidden content that nothing refers to',
  },
};

/** Sentences about XML signatures. */
export const xmlVerdicts: Readonly<Record<XmlCode, Bilingual>> = {
  'xml.not-well-formed': { vi: 'XML không đúng cú pháp', en: 'The XML is not well-formed' },
  'xml.encoding': {
    vi: 'Bảng mã của XML không được chấp nhận',
    en: 'The encoding of the XML is not accepted',
  },
  'xml.dtd-forbidden': { vi: 'XML có DTD, không được phép', en: 'The XML has a DTD, which is forbidden' },
  'xml.processing-instruction-forbidden': {
    vi: 'XML có chỉ thị xử lý, không được phép',
    en: 'The XML has a processing instruction, which is forbidden',
  },
  'xml.limit-exceeded': {
    vi: 'XML lớn hoặc phức tạp hơn giới hạn kiểm tra',
    en: 'The XML is larger or more complex than is judged',
  },
  'xml.signature-namespace': {
    vi: 'Phần tử Signature không thuộc không gian tên của XMLDSig',
    en: 'The Signature element is not in the namespace of XMLDSig',
  },
  'xml.malformed': { vi: 'Cấu trúc chữ ký XML bị hỏng', en: 'The XML signature is malformed' },
  'xml.value-not-plain-text': {
    vi: 'Một giá trị trong chữ ký XML không phải văn bản thuần',
    en: 'A value of the XML signature is not plain text',
  },
  'xml.value-not-base64': {
    vi: 'Một giá trị trong chữ ký XML không phải base64',
    en: 'A value of the XML signature is not base64',
  },
  'xml.foreign-content': {
    vi: 'Chữ ký XML chứa phần tử lạ',
    en: 'The XML signature holds foreign elements',
  },
  'xml.algorithm-unsupported': {
    vi: 'Thuật toán của chữ ký XML không được hỗ trợ',
    en: 'The algorithm of the XML signature is not supported',
  },
  'xml.canonicalization-unsupported': {
    vi: 'Cách chuẩn hóa XML không được hỗ trợ',
    en: 'The canonicalisation is not supported',
  },
  'xml.canonicalization-failed': { vi: 'Không chuẩn hóa được XML', en: 'The XML could not be canonicalised' },
  'xml.signature-wrong': {
    vi: 'Giá trị chữ ký XML sai, hoặc không do khóa của chứng thư này tạo ra',
    en: "The XML signature value is wrong, or not made with this certificate's key",
  },
  'xml.certificate-not-found': {
    vi: 'Không tìm thấy chứng thư của người ký',
    en: "The signer's certificate was not found",
  },
  'xml.certificate-unreadable': {
    vi: 'Một chứng thư kèm theo không đọc được',
    en: 'A certificate that comes with the signature cannot be read',
  },
  'xml.reference-external': {
    vi: 'Chữ ký tham chiếu tới dữ liệu ngoài tệp',
    en: 'The signature refers to data outside the file',
  },
  'xml.reference-unsupported': {
    vi: 'Cách tham chiếu của chữ ký không được hỗ trợ',
    en: 'The signature refers in a way that is not supported',
  },
  'xml.reference-not-found': {
    vi: 'Không tìm thấy phần mà chữ ký tham chiếu',
    en: 'What the signature refers to was not found',
  },
  'xml.id-duplicate': { vi: 'Có Id trùng nhau trong XML', en: 'An Id stands more than once in the XML' },
  'xml.digest-mismatch': {
    vi: 'Nội dung XML đã bị thay đổi sau khi ký',
    en: 'The XML content was changed after it was signed',
  },
  'xml.transform-unsupported': {
    vi: 'Phép biến đổi của chữ ký không được hỗ trợ',
    en: 'A transform of the signature is not supported',
  },
  'xml.transform-refused': {
    vi: 'Phép biến đổi của chữ ký không được phép',
    en: 'A transform of the signature is not allowed',
  },
  'xml.covers-part-only': {
    vi: 'Chữ ký chỉ bảo vệ một phần của văn bản',
    en: 'The signature protects only a part of the document',
  },
  'xml.properties-malformed': { vi: 'Thuộc tính XAdES bị hỏng', en: 'The XAdES properties are malformed' },
  'xml.properties-not-signed': {
    vi: 'Thuộc tính XAdES không được ký',
    en: 'The XAdES properties are not signed',
  },
  'xml.object-reference-wrong': {
    vi: 'Thuộc tính XAdES nói về dữ liệu mà chữ ký này không tham chiếu',
    en: 'A XAdES property speaks of data that this signature does not refer to',
  },
  'xml.validation-data-unreadable': {
    vi: 'Một phần dữ liệu xác minh kèm theo chữ ký không đọc được',
    en: 'Some of the validation data that comes with the signature cannot be read',
  },
  'xml.property-ignored': {
    vi: 'Một thuộc tính XAdES không được xét tới',
    en: 'A XAdES property was not looked at',
  },
  'xml.signing-certificate-mismatch': {
    vi: 'Chữ ký nêu một chứng thư khác với chứng thư kèm theo',
    en: 'The signature names another certificate than the one that comes with it',
  },
  'xml.signing-certificate-missing': {
    vi: 'Chữ ký XML không gắn với chứng thư của người ký (thiếu SigningCertificate)',
    en: "The XML signature is not bound to the signer's certificate (no SigningCertificate)",
  },
  'xml.signing-certificate-sha1': {
    vi: 'Chữ ký gắn với chứng thư bằng SHA-1 đã lỗi thời',
    en: 'The signature is bound to its certificate by the outdated SHA-1',
  },
  'xml.signing-time-differs': {
    vi: 'Giờ ký do người ký khai lệch với dấu thời gian',
    en: 'The claimed signing time differs from the time-stamp',
  },
  'xml.signing-time-offset': {
    vi: 'Giờ ký do người ký khai lệch bảy giờ (giờ Việt Nam ghi thành giờ UTC)',
    en: 'The claimed signing time is seven hours off (Vietnamese time written as UTC)',
  },
};
