import type { Language } from '../protocol.ts';
import type { ErrorCode } from './errors.ts';

/** What happened, and what the official can do. */
export interface ErrorWords {
  what: string;
  remedy: string;
}

const NEW_TICKET = 'Hãy quay lại phần mềm quản lý văn bản và mở lại cửa sổ ký số.';
const NEW_TICKET_EN = 'Go back to the document system and open the signing window again.';
const REPORT =
  'Khóa ký chưa được dùng. Không ký văn bản này; hãy báo cho bộ phận công nghệ thông tin kèm mã lỗi.';
const REPORT_EN = 'The key has not been used. Do not sign this document; tell your IT staff the error code.';
const OTHER_KEY = 'Hãy chọn chứng thư số khác.';
const OTHER_KEY_EN = 'Choose another certificate.';

const VI: Readonly<Record<ErrorCode, ErrorWords>> = {
  E_TICKET_INVALID: { what: 'Phiếu ký số không hợp lệ hoặc đã được sử dụng.', remedy: NEW_TICKET },
  E_TICKET_EXPIRED: { what: 'Phiên ký số đã hết hạn.', remedy: NEW_TICKET },
  E_ORIGIN: {
    what: 'Trang web hoặc người dùng này không được phép mở cửa sổ ký số.',
    remedy: 'Hãy mở cửa sổ ký số từ phần mềm quản lý văn bản của cơ quan.',
  },
  E_FORMAT: {
    what: 'Cửa sổ ký số chỉ hiển thị và ký tệp PDF đến 100 MB.',
    remedy: 'Hãy chuyển văn bản sang PDF rồi trình ký lại.',
  },
  E_BATCH: { what: 'Cửa sổ ký số chỉ ký mỗi lần một văn bản.', remedy: 'Hãy ký lần lượt từng văn bản.' },
  E_UNREADABLE: {
    what: 'Không hiển thị được tệp PDF: tệp bị hỏng hoặc có mật khẩu.',
    remedy: 'Không ký văn bản không xem được; hãy trình ký lại tệp khác.',
  },
  E_DOC_HASH: { what: 'Văn bản nhận được không phải là văn bản được trình ký.', remedy: REPORT },
  E_NOT_INCREMENT: { what: 'Bản sắp ký không bắt đầu bằng văn bản đang hiển thị.', remedy: REPORT },
  E_BYTERANGE: { what: 'Chữ ký sẽ không bao trùm toàn bộ văn bản.', remedy: REPORT },
  E_HIDDEN_BYTES: { what: 'Phần thêm vào văn bản có nội dung không kiểm tra được.', remedy: REPORT },
  E_ACTIVE_CONTENT: { what: 'Phần thêm vào văn bản có mã lệnh, liên kết hoặc tệp đính kèm.', remedy: REPORT },
  E_ATTRIBUTES: { what: 'Dữ liệu sắp ký có thuộc tính thừa, thiếu hoặc sai dạng.', remedy: REPORT },
  E_DIGEST: { what: 'Giá trị sắp ký không phải của văn bản đang hiển thị.', remedy: REPORT },
  E_CERT_MISMATCH: { what: 'Dữ liệu sắp ký ghi chứng thư số khác với chứng thư số đã chọn.', remedy: REPORT },
  E_CODE: { what: 'Mã xác nhận của máy chủ khác với mã tính tại trình duyệt.', remedy: REPORT },
  E_PROVIDER_NONE: {
    what: 'Hệ thống này không cho ký bằng tệp khóa.',
    remedy: 'Hãy liên hệ bộ phận công nghệ thông tin để được cấp thiết bị ký số.',
  },
  E_KEY_FILE: {
    what: 'Tệp đã chọn không phải là tệp khóa dùng được.',
    remedy: 'Hãy chọn tệp .p12 hoặc .pfx có chứng thư số và khóa.',
  },
  E_KEY_FILE_LEGACY: {
    what: 'Tệp khóa dùng cách mã hóa cũ (3DES, RC2) mà trình duyệt không mở được.',
    remedy: 'Hãy xuất lại tệp khóa với mã hóa AES-256.',
  },
  E_PIN_WRONG: {
    what: 'Mật khẩu tệp khóa không đúng, hoặc tệp đã bị thay đổi.',
    remedy: 'Hãy nhập lại mật khẩu.',
  },
  E_PLACE: {
    what: 'Hình chữ ký không nằm trọn trên một trang của văn bản.',
    remedy: 'Hãy chọn lại khóa và nhập vị trí khác.',
  },
  E_CERT: { what: 'Chứng thư số này không được chấp nhận để ký.', remedy: OTHER_KEY },
  E_CERT_EXPIRED: { what: 'Chứng thư số đã hết hạn hoặc chưa có hiệu lực.', remedy: OTHER_KEY },
  E_CERT_REVOKED: { what: 'Chứng thư số đã bị thu hồi.', remedy: OTHER_KEY },
  E_NOT_EXPECTED_SIGNER: { what: 'Chứng thư số không phải của người được trình ký.', remedy: OTHER_KEY },
  E_CAPACITY: {
    what: 'Người ký không được ký theo thể thức này (Nghị định 30/2020/NĐ-CP, Điều 13).',
    remedy: 'Hãy trả lại văn bản để chọn đúng thể thức đề ký.',
  },
  E_DELEGATION: {
    what: 'Không có văn bản giao ký thừa lệnh, thừa ủy quyền còn hiệu lực cho người ký.',
    remedy: 'Hãy trả lại văn bản để bổ sung căn cứ ủy quyền.',
  },
  E_SEAL_BEFORE_SIGN: {
    what: 'Chưa thể ký số của cơ quan: văn bản chưa có chữ ký của người có thẩm quyền hoặc chưa có số, ngày.',
    remedy: 'Hãy thực hiện đủ các bước trước rồi ký số của cơ quan.',
  },
  E_CONFLICT: {
    what: 'Văn bản đã được thay đổi hoặc ký ở nơi khác, hoặc đã quá thời gian chờ ký.',
    remedy: NEW_TICKET,
  },
  E_TSA: {
    what: 'Máy chủ cấp dấu thời gian chưa trả lời. Chưa có gì được lưu.',
    remedy: 'Hãy gửi lại; không phải ký lại.',
  },
  E_NETWORK: {
    what: 'Không nhận được trả lời hợp lệ từ máy chủ ký số.',
    remedy: 'Hãy kiểm tra mạng rồi thử lại.',
  },
};

const EN: Readonly<Record<ErrorCode, ErrorWords>> = {
  E_TICKET_INVALID: { what: 'The signing ticket is not valid or was used already.', remedy: NEW_TICKET_EN },
  E_TICKET_EXPIRED: { what: 'The signing session has expired.', remedy: NEW_TICKET_EN },
  E_ORIGIN: {
    what: 'This web page or user may not open the signing window.',
    remedy: 'Open it from your agency’s document system.',
  },
  E_FORMAT: {
    what: 'The signing window shows and signs PDF files of up to 100 MB only.',
    remedy: 'Convert the document to PDF and submit it again.',
  },
  E_BATCH: {
    what: 'The signing window signs one document at a time.',
    remedy: 'Sign the documents one by one.',
  },
  E_UNREADABLE: {
    what: 'The PDF cannot be shown: it is damaged or has a password.',
    remedy: 'Do not sign what you cannot see; ask for another file.',
  },
  E_DOC_HASH: {
    what: 'The document received is not the one that was submitted for signing.',
    remedy: REPORT_EN,
  },
  E_NOT_INCREMENT: {
    what: 'What is to be signed does not begin with the document shown.',
    remedy: REPORT_EN,
  },
  E_BYTERANGE: { what: 'The signature would not cover the whole document.', remedy: REPORT_EN },
  E_HIDDEN_BYTES: { what: 'What was added to the document cannot be checked.', remedy: REPORT_EN },
  E_ACTIVE_CONTENT: {
    what: 'What was added to the document holds script, a link or an attached file.',
    remedy: REPORT_EN,
  },
  E_ATTRIBUTES: {
    what: 'The data to be signed have attributes too many, too few or malformed.',
    remedy: REPORT_EN,
  },
  E_DIGEST: { what: 'The value to be signed is not that of the document shown.', remedy: REPORT_EN },
  E_CERT_MISMATCH: {
    what: 'The data to be signed name another certificate than the one chosen.',
    remedy: REPORT_EN,
  },
  E_CODE: {
    what: 'The server’s confirmation code differs from the one computed in the browser.',
    remedy: REPORT_EN,
  },
  E_PROVIDER_NONE: {
    what: 'This system does not allow signing with a key file.',
    remedy: 'Ask your IT staff for a signing device.',
  },
  E_KEY_FILE: {
    what: 'The file chosen is no usable key file.',
    remedy: 'Choose a .p12 or .pfx file with a certificate and its key.',
  },
  E_KEY_FILE_LEGACY: {
    what: 'The key file uses old encryption (3DES, RC2) that browsers cannot open.',
    remedy: 'Export it again with AES-256 encryption.',
  },
  E_PIN_WRONG: {
    what: 'The key file’s password is wrong, or the file was changed.',
    remedy: 'Enter the password again.',
  },
  E_PLACE: {
    what: 'The signature’s picture does not lie whole on a page of the document.',
    remedy: 'Choose the key again and enter another place.',
  },
  E_CERT: { what: 'This certificate is not accepted for signing.', remedy: OTHER_KEY_EN },
  E_CERT_EXPIRED: { what: 'The certificate has expired or is not valid yet.', remedy: OTHER_KEY_EN },
  E_CERT_REVOKED: { what: 'The certificate has been revoked.', remedy: OTHER_KEY_EN },
  E_NOT_EXPECTED_SIGNER: {
    what: 'The certificate is not that of the expected signer.',
    remedy: OTHER_KEY_EN,
  },
  E_CAPACITY: {
    what: 'The signer may not sign in this capacity (Decree 30/2020/NĐ-CP, article 13).',
    remedy: 'Return the document so that the right form is chosen.',
  },
  E_DELEGATION: {
    what: 'No delegation in force names this signer.',
    remedy: 'Return the document so that the delegation is registered.',
  },
  E_SEAL_BEFORE_SIGN: {
    what: 'The agency cannot sign yet: the competent person’s signature, or number and date, are missing.',
    remedy: 'Complete the earlier steps first.',
  },
  E_CONFLICT: {
    what: 'The document was changed or signed elsewhere, or the time for signing has run out.',
    remedy: NEW_TICKET_EN,
  },
  E_TSA: {
    what: 'The time-stamp server has not answered. Nothing has been stored.',
    remedy: 'Send again; you need not sign again.',
  },
  E_NETWORK: { what: 'The signing server gave no valid answer.', remedy: 'Check the network and try again.' },
};

export function errorWords(code: ErrorCode, language: Language): ErrorWords {
  return (language === 'en' ? EN : VI)[code];
}
