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
    what: 'Trang web này không được phép mở cửa sổ ký số.',
    remedy: 'Hãy mở cửa sổ ký số từ phần mềm quản lý văn bản của cơ quan.',
  },
  E_TICKET_USER: {
    what: 'Phiếu ký số được cấp cho người dùng khác.',
    remedy: 'Hãy đăng nhập bằng tài khoản của người ký rồi mở lại văn bản.',
  },
  E_FORMAT: {
    what: 'Cửa sổ ký số chỉ hiển thị và ký tệp PDF, mỗi lần đến 100 MB.',
    remedy: 'Hãy chuyển văn bản sang PDF rồi trình ký lại.',
  },
  E_BATCH: {
    what: 'Cửa sổ ký số ký mỗi lần nhiều nhất 50 văn bản.',
    remedy: 'Hãy trình ký thành nhiều đợt.',
  },
  E_UNREADABLE: {
    what: 'Không hiển thị được tệp PDF: tệp bị hỏng hoặc có mật khẩu.',
    remedy: 'Không ký văn bản không xem được; hãy trình ký lại tệp khác.',
  },
  E_XFA: {
    what: 'Văn bản là biểu mẫu XFA, mỗi phần mềm hiển thị một khác nên không thể ký tại đây.',
    remedy: 'Hãy in biểu mẫu ra tệp PDF thông thường rồi trình ký lại.',
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
    what: 'Phiếu ký số này không còn cách ký nào được phép.',
    remedy: 'Hãy liên hệ bộ phận công nghệ thông tin để được cấp thiết bị ký số.',
  },
  E_KEY_FILE: {
    what: 'Tệp đã chọn không phải là tệp khóa dùng được.',
    remedy: 'Hãy chọn tệp .p12 hoặc .pfx có chứng thư số và khóa.',
  },
  E_KEY_FILE_LEGACY: {
    what: 'Tệp khóa dùng cách mã hóa không được hỗ trợ.',
    remedy: 'Hãy xuất lại tệp khóa với mã hóa AES-256.',
  },
  E_PIN_WRONG: {
    what: 'Mật khẩu hoặc mã PIN không đúng.',
    remedy: 'Hãy chọn lại và nhập đúng. Nhập sai nhiều lần có thể làm khóa thiết bị.',
  },
  E_LNA_DENIED: {
    what: 'Trình duyệt đang chặn kết nối tới phần mềm ký số trên máy này.',
    remedy:
      'Hãy bấm vào biểu tượng bên trái thanh địa chỉ, cho phép “Ứng dụng trên thiết bị” rồi thử lại. Bộ phận công nghệ thông tin có thể cho phép sẵn bằng chính sách LocalNetworkAccessAllowedForUrls.',
  },
  E_LNA_FRAME: {
    what: 'Trang của phần mềm quản lý văn bản không cho cửa sổ ký số kết nối tới phần mềm ký số trên máy.',
    remedy:
      'Lỗi này do người tích hợp khắc phục: khung nhúng cần allow="loopback-network; local-network-access" và trang không được cấm bằng Permissions-Policy.',
  },
  E_AGENT_ABSENT: {
    what: 'Chưa cài hoặc chưa chạy phần mềm ký số trên máy này.',
    remedy: 'Hãy cài hoặc khởi động phần mềm ký số rồi thử lại.',
  },
  E_AGENT_TLS: {
    what: 'Phần mềm ký số có trả lời nhưng trình duyệt không tin chứng thư của kết nối.',
    remedy:
      'Hãy mở địa chỉ https://127.0.0.1:8987 trong thẻ mới để xác nhận, hoặc cài lại phần mềm ký số để chứng thư được tin cậy.',
  },
  E_AGENT_HUNG: {
    what: 'Phần mềm ký số không trả lời.',
    remedy: 'Hãy thoát hẳn phần mềm ký số, khởi động lại rồi thử lại.',
  },
  E_AGENT_REPLY: {
    what: 'Phần mềm ký số trả lời sai định dạng.',
    remedy: 'Hãy cập nhật phần mềm ký số; nếu vẫn lỗi, hãy báo bộ phận công nghệ thông tin.',
  },
  E_AGENT_REFUSED: {
    what: 'Phần mềm ký số không thực hiện yêu cầu.',
    remedy: 'Hãy làm theo chi tiết bên dưới rồi thử lại.',
  },
  E_AGENT_OUTDATED: {
    what: 'Phần mềm ký số trên máy là phiên bản cũ.',
    remedy: 'Hãy cập nhật phần mềm ký số rồi thử lại.',
  },
  E_AGENT_KEY: {
    what: 'Loại khóa trong thiết bị chưa được hỗ trợ qua phần mềm ký số này.',
    remedy: 'Hãy dùng thiết bị có khóa RSA, hoặc cách ký khác.',
  },
  E_AGENT_CHECK: {
    what: 'Phần mềm ký số tự kiểm tra và thấy dữ liệu sắp ký không phải của văn bản này.',
    remedy: REPORT,
  },
  E_NO_TOKEN: {
    what: 'Không tìm thấy chứng thư số nào dùng được.',
    remedy: 'Hãy cắm thiết bị ký số rồi thử lại.',
  },
  E_OTHER_KEY: {
    what: 'Thiết bị đã dùng chứng thư số khác với chứng thư số đã chọn. Văn bản chưa được ký.',
    remedy: 'Hãy kiểm tra thiết bị đang cắm, rồi chọn lại.',
  },
  E_SIGNATURE: {
    what: 'Giá trị chữ ký nhận được không đúng. Văn bản chưa được ký.',
    remedy: 'Hãy thử lại; nếu vẫn lỗi, hãy báo bộ phận công nghệ thông tin.',
  },
  E_PIN_LOCKED: {
    what: 'Thiết bị ký số đã bị khóa do nhập sai mã PIN nhiều lần.',
    remedy: 'Hãy liên hệ đơn vị cấp thiết bị để mở khóa.',
  },
  E_PAIRING: {
    what: 'Chưa ghép nối được với phần mềm ký số: mã không khớp hoặc bị từ chối.',
    remedy: 'Hãy thử lại và nhập đúng mã hiện trên trang này.',
  },
  E_REMOTE: {
    what: 'Dịch vụ ký số từ xa không thực hiện yêu cầu.',
    remedy: 'Hãy thử lại sau, hoặc dùng cách ký khác.',
  },
  E_USER_CANCELLED: {
    what: 'Việc ký đã bị hủy tại thiết bị. Văn bản chưa được ký.',
    remedy: 'Có thể chọn lại để ký.',
  },
  E_USER_TIMEOUT: {
    what: 'Đã hết thời gian chờ xác nhận tại thiết bị. Văn bản chưa được ký.',
    remedy: 'Hãy thử lại.',
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
    what: 'Văn bản đã được thay đổi hoặc ký ở nơi khác.',
    remedy: NEW_TICKET,
  },
  E_PREPARED_EXPIRED: {
    what: 'Đã quá năm phút từ khi kiểm tra nên chữ ký không được nhận. Văn bản chưa được ký.',
    remedy: 'Hãy kiểm tra và ký lại.',
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
    what: 'This web page may not open the signing window.',
    remedy: 'Open it from your agency’s document system.',
  },
  E_TICKET_USER: {
    what: 'The signing ticket is for another user.',
    remedy: 'Log in as the signer and open the document again.',
  },
  E_FORMAT: {
    what: 'The signing window shows and signs PDF files only, 100 MB at a time.',
    remedy: 'Convert the document to PDF and submit it again.',
  },
  E_BATCH: {
    what: 'The signing window signs 50 documents at a time at most.',
    remedy: 'Submit them in several batches.',
  },
  E_UNREADABLE: {
    what: 'The PDF cannot be shown: it is damaged or has a password.',
    remedy: 'Do not sign what you cannot see; ask for another file.',
  },
  E_XFA: {
    what: 'The document is an XFA form, which every program shows otherwise; it cannot be signed here.',
    remedy: 'Print the form into an ordinary PDF and submit it again.',
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
    what: 'No way of signing is allowed for this ticket.',
    remedy: 'Ask your IT staff for a signing device.',
  },
  E_KEY_FILE: {
    what: 'The file chosen is no usable key file.',
    remedy: 'Choose a .p12 or .pfx file with a certificate and its key.',
  },
  E_KEY_FILE_LEGACY: {
    what: 'The key file uses encryption that is not supported.',
    remedy: 'Export it again with AES-256 encryption.',
  },
  E_PIN_WRONG: {
    what: 'The password or PIN is wrong.',
    remedy: 'Choose again and type it right. Several wrong PINs may lock the token.',
  },
  E_LNA_DENIED: {
    what: 'The browser blocks the connection to the signing program of this machine.',
    remedy:
      'Click the icon left of the address, allow “Apps on device” and try again. IT staff can allow it beforehand by the policy LocalNetworkAccessAllowedForUrls.',
  },
  E_LNA_FRAME: {
    what: 'The document system’s page does not let the signing window connect to the signing program.',
    remedy:
      'This is for the integrator: the frame needs allow="loopback-network; local-network-access", and the page must not forbid it by Permissions-Policy.',
  },
  E_AGENT_ABSENT: {
    what: 'The signing program is not installed or not running on this machine.',
    remedy: 'Install or start it and try again.',
  },
  E_AGENT_TLS: {
    what: 'The signing program answers, but the browser does not trust the connection’s certificate.',
    remedy:
      'Open https://127.0.0.1:8987 in a new tab to confirm, or install the program again so that its certificate is trusted.',
  },
  E_AGENT_HUNG: {
    what: 'The signing program does not answer.',
    remedy: 'Quit it, start it again and try again.',
  },
  E_AGENT_REPLY: {
    what: 'The signing program’s answer is malformed.',
    remedy: 'Update the program; if it fails again, tell your IT staff.',
  },
  E_AGENT_REFUSED: {
    what: 'The signing program refused the request.',
    remedy: 'Follow the details below and try again.',
  },
  E_AGENT_OUTDATED: {
    what: 'The signing program of this machine is too old.',
    remedy: 'Update it and try again.',
  },
  E_AGENT_KEY: {
    what: 'This kind of key is not supported through this signing program.',
    remedy: 'Use a token with an RSA key, or sign another way.',
  },
  E_AGENT_CHECK: {
    what: 'The signing program checked by itself: the data to be signed are not this document’s.',
    remedy: REPORT_EN,
  },
  E_NO_TOKEN: { what: 'No usable certificate was found.', remedy: 'Plug in the token and try again.' },
  E_OTHER_KEY: {
    what: 'The token used another certificate than the one chosen. The document was not signed.',
    remedy: 'Check which token is plugged in, then choose again.',
  },
  E_SIGNATURE: {
    what: 'The signature value received is wrong. The document was not signed.',
    remedy: 'Try again; if it fails again, tell your IT staff.',
  },
  E_PIN_LOCKED: {
    what: 'The token is locked after too many wrong PINs.',
    remedy: 'Ask the issuer of the token to unlock it.',
  },
  E_PAIRING: {
    what: 'Pairing with the signing program failed: the code did not match, or it was refused.',
    remedy: 'Try again and type the code shown on this page.',
  },
  E_REMOTE: {
    what: 'The remote signing service refused the request.',
    remedy: 'Try again later, or sign another way.',
  },
  E_USER_CANCELLED: {
    what: 'Signing was cancelled at the device. The document was not signed.',
    remedy: 'You may choose again to sign.',
  },
  E_USER_TIMEOUT: {
    what: 'The time for confirming at the device has run out. The document was not signed.',
    remedy: 'Try again.',
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
    what: 'The document was changed or signed elsewhere.',
    remedy: NEW_TICKET_EN,
  },
  E_PREPARED_EXPIRED: {
    what: 'More than five minutes have gone since the checks, so the signature was not taken. The document is not signed.',
    remedy: 'Have it checked and sign again.',
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
