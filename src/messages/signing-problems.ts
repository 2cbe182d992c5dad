import type { SigningProblemCode } from '../signing/index.ts';
import type { ProblemText } from './problem-text.ts';
import { SIGNING_FILE_PROBLEMS } from './signing-file-problems.ts';

/** Problems of having something signed; those that come from a rule of law name the article. */
export const SIGNING_PROBLEMS: Readonly<Record<SigningProblemCode, ProblemText>> = {
  'signing.document-unknown': {
    title: { vi: 'Không có văn bản chờ ký này', en: 'There is no such document to be signed' },
    remedy: {
      vi: 'Kiểm tra documentId; một phiên ký chỉ dùng cho văn bản của một cơ quan.',
      en: 'Check the documentId; one ticket is for documents of one agency.',
    },
  },
  'signing.reference-taken': {
    title: {
      vi: 'Mã tham chiếu đã dùng cho một dự thảo có nội dung khác',
      en: 'Other bytes lie under this reference',
    },
    remedy: {
      vi: 'Dùng mã tham chiếu khác cho dự thảo mới, hoặc ký tiếp văn bản {documentId}.',
      en: 'Use another reference for a new draft, or go on with the document {documentId}.',
    },
  },
  'signing.pdf-not-usable': {
    title: { vi: 'Tệp PDF không thể ký được', en: 'Nothing can be added to this PDF' },
    remedy: {
      vi: 'Xuất lại tệp PDF không mã hóa, không hỏng cấu trúc rồi tải lên lại.',
      en: 'Export the PDF again, without encryption and with a sound structure, and upload that.',
    },
  },
  'signing.xml-not-usable': {
    title: { vi: 'Tệp XML không thể ký được', en: 'This XML cannot be signed' },
    remedy: {
      vi: 'Dùng XML đúng cú pháp, mã hóa UTF-8, không khai báo DTD, phần tử gốc có thẻ đóng.',
      en: 'Use well-formed XML in UTF-8, without a DTD, whose root has an end tag.',
    },
  },
  'signing.signed-already': {
    title: { vi: 'Dữ liệu đã được ký', en: 'The data are signed already' },
    remedy: {
      vi: 'Tệp không phải PDF hoặc XML chỉ ký một lần tại đây; tải lên bản khác nếu cần.',
      en: 'What is neither PDF nor XML is signed once here; upload it again where another signature is needed.',
    },
  },
  'signing.approved-already': {
    title: {
      vi: 'Văn bản đã có chữ ký số của chính người ký này',
      en: 'This person has signed the document already',
    },
    remedy: {
      vi: 'Không cần ký lại; tải lại trang để xem bản đã ký.',
      en: 'It need not be signed again; reload the page to see the signed version.',
    },
  },
  'signing.page-not-found': {
    title: { vi: 'Văn bản không có trang {page}', en: 'The document has no page {page}' },
    remedy: { vi: 'Chọn lại trang đặt chữ ký.', en: 'Choose another page for the signature.' },
  },
  'signing.text-not-drawable': {
    title: { vi: 'Có ký tự không hiển thị được', en: 'Some characters cannot be drawn' },
    remedy: {
      vi: 'Bỏ các ký tự đặc biệt trong số, ngày hoặc dòng hiển thị.',
      en: 'Leave special characters out of number, date or label.',
    },
  },
  'signing.place-off-page': {
    title: { vi: 'Vị trí chữ ký nằm ngoài trang', en: 'The place of the signature is not on the page' },
    remedy: {
      vi: 'Đặt lại chữ ký trọn trong trang {page}.',
      en: 'Put the signature whole onto page {page}.',
    },
  },
  'signing.origin-not-registered': {
    title: { vi: 'Trang {origin} chưa được đăng ký', en: 'The page {origin} is not registered' },
    remedy: {
      vi: 'Đề nghị quản trị trục đăng ký nguồn gốc (origin) của trang cho hệ thống này.',
      en: 'Have the operator register the origin of the page for this system.',
    },
  },
  'signing.origin-not-allowed': {
    title: { vi: 'Phiên ký không dành cho trang {origin}', en: 'The ticket is not for the page {origin}' },
    remedy: {
      vi: 'Vé ký đã bị hủy. Mở lại từ hệ thống quản lý văn bản của cơ quan.',
      en: 'The ticket is void. Start again from your document system.',
    },
  },
  'signing.not-same-origin': {
    title: { vi: 'Yêu cầu không đến từ cửa sổ ký số', en: 'The request does not come from the widget' },
    remedy: {
      vi: 'Chỉ cửa sổ ký số được gọi địa chỉ này; máy chủ của cơ quan dùng /v1/sign/tickets.',
      en: 'Only the widget calls this; servers of agencies use /v1/sign/tickets.',
    },
  },
  'signing.remote-refused': {
    title: {
      vi: 'Dịch vụ ký số từ xa từ chối: {cause}',
      en: 'The remote signing service refused: {cause}',
    },
    remedy: {
      vi: 'Thử lại; nếu vẫn bị từ chối, hãy liên hệ nhà cung cấp dịch vụ ký số.',
      en: 'Try again; if it is refused again, ask the service.',
    },
  },
  'signing.remote-unavailable': {
    title: {
      vi: 'Không dùng được dịch vụ ký số từ xa',
      en: 'The remote signing service cannot be used',
    },
    remedy: { vi: 'Thử lại sau, hoặc ký bằng cách khác.', en: 'Try again later, or sign another way.' },
  },
  'signing.ticket-unknown': {
    title: { vi: 'Vé ký không hợp lệ', en: 'The ticket is not valid' },
    remedy: { vi: 'Xin vé mới tại /v1/sign/tickets.', en: 'Ask for a new one under /v1/sign/tickets.' },
  },
  ...SIGNING_FILE_PROBLEMS,
  'signing.ticket-used': {
    title: { vi: 'Vé ký đã được dùng', en: 'The ticket was used before' },
    remedy: {
      vi: 'Mỗi vé chỉ dùng một lần. Xin vé mới; nếu không phải quý vị đã dùng, hãy báo quản trị.',
      en: 'A ticket opens one session. Ask for a new one; if it was not you, tell the operator.',
    },
  },
  'signing.ticket-expired': {
    title: { vi: 'Vé ký đã hết hạn', en: 'The ticket has expired' },
    remedy: { vi: 'Vé có hạn 10 phút. Xin vé mới.', en: 'Tickets last ten minutes. Ask for a new one.' },
  },
  'signing.ticket-other-user': {
    title: { vi: 'Vé ký dành cho người dùng khác', en: 'The ticket is for another user' },
    remedy: {
      vi: 'Vé ký đã bị hủy. Đăng nhập đúng tài khoản rồi mở lại.',
      en: 'The ticket is void. Log in as the right user and start again.',
    },
  },
  'signing.session-unknown': {
    title: { vi: 'Không có phiên ký này', en: 'There is no such signing session' },
    remedy: { vi: 'Mở lại cửa sổ ký số.', en: 'Open the widget again.' },
  },
  'signing.session-expired': {
    title: { vi: 'Phiên ký đã hết hạn', en: 'The signing session has expired' },
    remedy: { vi: 'Mở lại cửa sổ ký số với vé mới.', en: 'Open the widget again with a new ticket.' },
  },
  'signing.signer-missing': {
    title: { vi: 'Chưa nêu người ký', en: 'The ticket does not say who signs' },
    remedy: {
      vi: 'Ghi signer.serialNumber, signer.uid hoặc signer.certificateSha256 của người có thẩm quyền ký.',
      en: 'Give signer.serialNumber, signer.uid or signer.certificateSha256 of the person who is to sign.',
    },
  },
  'signing.certificate-refused': {
    title: { vi: 'Chứng thư số không dùng để ký được', en: 'The certificate may not sign' },
    remedy: {
      vi: 'Chọn chứng thư số chuyên dùng còn hiệu lực, được phép ký; mã lỗi: {codes}.',
      en: 'Choose a certificate for official duty that is meant for signing; codes: {codes}.',
    },
  },
  'signing.certificate-expired': {
    title: {
      vi: 'Chứng thư số ngoài thời hạn hiệu lực',
      en: 'The certificate is out of its validity period',
    },
    remedy: {
      vi: 'Gia hạn hoặc xin cấp chứng thư số mới rồi ký lại.',
      en: 'Have the certificate renewed, then sign.',
    },
  },
  'signing.certificate-revoked': {
    title: { vi: 'Chứng thư số đã bị thu hồi hoặc tạm dừng', en: 'The certificate is revoked or on hold' },
    remedy: {
      vi: 'Không ký bằng chứng thư số này; liên hệ đơn vị quản lý chứng thư số.',
      en: 'Do not sign with it; ask whoever manages certificates.',
    },
  },
  'signing.certificate-not-bound': {
    title: {
      vi: 'Chứng thư số chưa được gắn với cơ quan cho việc ký này',
      en: 'The certificate is not bound to the agency for this act',
    },
    remedy: {
      vi: 'Ký phê duyệt dùng chứng thư số cá nhân của người trong cơ quan, ký phát hành dùng chứng thư số của cơ quan; đề nghị quản trị trục cập nhật (NĐ 68/2024 điều 17).',
      en: 'Approval needs the certificate of a person of the agency, sealing that of the agency; have the operator bind it (Decree 68/2024 art. 17).',
    },
  },
  'signing.not-expected-signer': {
    title: { vi: 'Không phải người được mời ký', en: 'Somebody else is expected to sign' },
    remedy: {
      vi: 'Dùng chứng thư số của người được nêu trong vé ký.',
      en: 'Use the certificate of the person whom the ticket names.',
    },
  },
  'signing.key-not-supported': {
    title: { vi: 'Loại khóa chưa được hỗ trợ', en: 'The kind of key is not supported' },
    remedy: { vi: 'Dùng khóa RSA hoặc ECDSA.', en: 'Use an RSA or an ECDSA key.' },
  },
  'signing.software-key-refused': {
    title: { vi: 'Không được ký bằng khóa lưu trong tệp', en: 'Keys kept in a file may not sign here' },
    remedy: {
      vi: 'Dùng thiết bị lưu khóa bí mật (USB Token, SIM) hoặc dịch vụ ký số từ xa.',
      en: 'Use a token, a SIM or a remote signing service.',
    },
  },
  'signing.capacity-not-allowed': {
    title: {
      vi: 'Chức vụ không phù hợp với thẩm quyền ký {capacity}',
      en: 'The title does not allow signing as {capacity}',
    },
    remedy: {
      vi: 'Người đứng đầu ký trực tiếp hoặc TM.; cấp phó ký KT. (NĐ 30/2020/NĐ-CP điều 13). Chức vụ trong danh bạ: {title}.',
      en: 'The head signs directly or as TM., a deputy as KT. (Decree 30/2020 art. 13). Title in the registry: {title}.',
    },
  },
  'signing.delegation-missing': {
    title: { vi: 'Thiếu văn bản giao ký, ủy quyền', en: 'There is no delegation for this' },
    remedy: {
      vi: 'Ký TL., TUQ. phải có quy chế làm việc hoặc văn bản ủy quyền đã đăng ký (NĐ 30/2020/NĐ-CP điều 13 khoản 3, 4): ghi delegationId.',
      en: 'TL. and TUQ. need a registered delegation (Decree 30/2020 art. 13.3, 13.4): give its delegationId.',
    },
  },
  'signing.delegation-not-in-force': {
    title: { vi: 'Ủy quyền ngoài thời hạn hiệu lực', en: 'The delegation is not in force' },
    remedy: {
      vi: 'Việc giao ký thừa ủy quyền giới hạn về thời gian (NĐ 30/2020/NĐ-CP điều 13 khoản 3): từ {validFrom} đến {validTo}.',
      en: 'An authorisation is limited in time (Decree 30/2020 art. 13.3): from {validFrom} to {validTo}.',
    },
  },
  'signing.delegation-withdrawn': {
    title: { vi: 'Việc giao ký, ủy quyền này đã bị thu hồi', en: 'The delegation has been withdrawn' },
    remedy: {
      vi: 'Trình người giao ký, ủy quyền ký trực tiếp, hoặc đăng ký văn bản ủy quyền mới.',
      en: 'Have who delegated it sign, or register a new delegation.',
    },
  },
  'signing.delegation-not-theirs': {
    title: { vi: 'Ủy quyền không dành cho người ký này', en: 'The delegation is for somebody else' },
    remedy: {
      vi: 'Kiểm tra người được giao ký và hình thức đề ký trong delegationId.',
      en: 'Check whom the delegation names and for which form of signing.',
    },
  },
  'signing.delegation-passed-on': {
    title: { vi: 'Không được ủy quyền lại', en: 'An authorisation cannot be passed on' },
    remedy: {
      vi: 'Người được ủy quyền không được ủy quyền lại cho người khác ký (NĐ 30/2020/NĐ-CP điều 13 khoản 3).',
      en: 'Who was authorised may not authorise another (Decree 30/2020 art. 13.3).',
    },
  },
  'signing.seal-before-signature': {
    title: {
      vi: 'Chưa có chữ ký số hợp lệ của người có thẩm quyền',
      en: 'The competent person has not signed yet',
    },
    remedy: {
      vi: 'Chỉ ký số của cơ quan sau khi người có thẩm quyền đã ký (NĐ 30/2020/NĐ-CP điều 32 khoản 2 điểm d).',
      en: 'The agency signs only after the competent person (Decree 30/2020 art. 32.2d).',
    },
  },
  'signing.seal-before-number': {
    title: { vi: 'Văn bản chưa được cấp số, ngày', en: 'The document has no number and date yet' },
    remedy: {
      vi: 'Cấp số, thời gian ban hành rồi mới ký số của cơ quan (NĐ 30/2020/NĐ-CP điều 14, điều 15 khoản 3).',
      en: 'Number and date come before the agency’s signature (Decree 30/2020 art. 14, 15.3).',
    },
  },
  'signing.number-before-signature': {
    title: {
      vi: 'Chưa có chữ ký số của người có thẩm quyền để cấp số',
      en: 'A number is given only to a signed document',
    },
    remedy: {
      vi: 'Số, thời gian ban hành được cấp sau khi người có thẩm quyền ký số (NĐ 30/2020/NĐ-CP điều 13 khoản 7, điều 14).',
      en: 'Number and date follow the competent person’s signature (Decree 30/2020 art. 13.7, 14).',
    },
  },
  'signing.number-there': {
    title: { vi: 'Văn bản đã có số, ngày', en: 'The document has a number and date already' },
    remedy: {
      vi: 'Văn bản đã cấp số không cấp lại; ban hành văn bản khác thay thế nếu cần.',
      en: 'A number is given once; issue another document where one is needed.',
    },
  },
  'signing.number-taken': {
    title: { vi: 'Số văn bản đã được cấp', en: 'Another document has this number' },
    remedy: {
      vi: 'Số {number} của năm {year} đã cấp cho văn bản khác; lấy số tiếp theo (NĐ 30/2020/NĐ-CP điều 15 khoản 1).',
      en: 'The number {number} of {year} is given; take the next one (Decree 30/2020 art. 15.1).',
    },
  },
  'signing.sealed-already': {
    title: { vi: 'Văn bản đã có chữ ký số của cơ quan', en: 'The agency has signed this document' },
    remedy: {
      vi: 'Văn bản đã ký phát hành không ký thêm; nếu có sai sót, ban hành văn bản đính chính hoặc thay thế (NĐ 30/2020/NĐ-CP điều 18 khoản 3).',
      en: 'Nothing is added to an issued document; issue a correction or a replacement (Decree 30/2020 art. 18.3).',
    },
  },
  'signing.earlier-signature-broken': {
    title: { vi: 'Chữ ký số có sẵn không hợp lệ', en: 'A signature in the document is not valid' },
    remedy: {
      vi: 'Không ký tiếp lên văn bản có chữ ký số hỏng hoặc chưa xác minh được; mã lỗi: {codes}.',
      en: 'Nothing is signed on top of a signature that fails or cannot be judged; codes: {codes}.',
    },
  },
  'signing.version-differs': {
    title: { vi: 'Văn bản đã có phiên bản khác', en: 'The document has another version by now' },
    remedy: {
      vi: 'Có người đã ký hoặc cấp số trước. Tải lại văn bản và xin vé mới cho phiên bản {sha256}.',
      en: 'Somebody signed or numbered it first. Read it again and ask for a ticket for version {sha256}.',
    },
  },
  'signing.prepare-unknown': {
    title: { vi: 'Không có lần chuẩn bị ký này', en: 'Nothing was prepared under this id' },
    remedy: { vi: 'Chuẩn bị lại trong phiên ký hiện tại.', en: 'Prepare again in this session.' },
  },
  'signing.prepare-expired': {
    title: { vi: 'Lần chuẩn bị ký đã quá 5 phút', en: 'What was prepared has expired' },
    remedy: { vi: 'Chuẩn bị lại rồi ký.', en: 'Prepare again, then sign.' },
  },
  'signing.signature-wrong': {
    title: {
      vi: 'Giá trị chữ ký không khớp với chứng thư số',
      en: 'The signature value does not belong to the certificate and the prepared bytes',
    },
    remedy: {
      vi: 'Ký lại đúng dữ liệu đã chuẩn bị bằng khóa của chứng thư số đã chọn.',
      en: 'Sign exactly the prepared bytes with the key of the certificate that was chosen.',
    },
  },
  'signing.timestamp-unavailable': {
    title: { vi: 'Không lấy được dấu thời gian', en: 'No time-stamp could be had' },
    remedy: {
      vi: 'Gửi lại yêu cầu trong ít giây; chưa có gì được lưu, không phải ký lại.',
      en: 'Send the request again in a few seconds; nothing is stored yet and the signature need not be made again.',
    },
  },
  'signing.result-not-passed': {
    title: {
      vi: 'Văn bản sau khi ký không qua được kiểm tra',
      en: 'The signed document does not pass our own verification',
    },
    remedy: {
      vi: 'Không có gì được lưu. Mã lỗi: {codes}.',
      en: 'Nothing was stored. Codes: {codes}.',
    },
  },
  'signing.not-augmentable': {
    title: {
      vi: 'Chữ ký của tệp chưa được xác nhận hợp lệ ({indication}) nên không bổ sung dữ liệu lưu trữ lâu dài',
      en: 'The signatures of the file do not pass ({indication}), so nothing is added to it',
    },
    remedy: {
      vi: 'Xem báo cáo kiểm tra chữ ký để biết lý do. Chỉ bổ sung cho tệp PDF, CMS (DER) và XML.',
      en: 'The verification report says why. Only PDF, CMS (DER) and XML files are augmented.',
    },
  },
  'signing.level-not-reached': {
    title: {
      vi: 'Không đạt mức {level}: chữ ký mới ở mức {reached}',
      en: 'Level {level} was not reached: a signature stays at {reached}',
    },
    remedy: {
      vi: 'Cần CRL hoặc OCSP còn hiệu lực của mọi chứng thư, kể cả của dịch vụ dấu thời gian, và chứng thư của các CA trung gian.',
      en: 'Current CRLs or OCSP responses for every certificate are needed, those of the time-stamp authority too, and certificates of intermediate CAs.',
    },
  },
};
