import type { AgencyErrorCode } from '../agency/index.ts';
import type { DeliveryErrorCode } from '../delivery/index.ts';
import type { DocumentErrorCode } from '../document/index.ts';
import type { ExchangeErrorCode } from '../exchange/index.ts';
import type { IntakeErrorCode } from '../intake/index.ts';
import type { SigningProblemCode } from '../signing/index.ts';
import type { WorkProblemCode } from '../workflow/index.ts';
import { IDENTITY_PROBLEMS } from './identity-problems.ts';
import type { ProblemText } from './problem-text.ts';
import { RESULT_PROBLEMS } from './result-problems.ts';
import { SIGNING_PROBLEMS } from './signing-problems.ts';
import { WORK_PROBLEMS } from './work-problems.ts';

/** Codes of the gates themselves; they live here because the room `api` comes after this one. */
export type GateCode =
  | 'api.unauthorized'
  | 'api.login-needed'
  | 'api.role-missing'
  | 'api.csrf'
  | 'api.login-wrong'
  | 'api.login-unknown-person'
  | 'api.login-not-configured'
  | 'api.invalid-client'
  | 'api.invalid-grant'
  | 'api.forbidden-scope'
  | 'api.not-found'
  | 'api.invalid-request'
  | 'api.unsupported-media-type'
  | 'api.method-not-allowed'
  | 'api.rate-limited'
  | 'api.internal'
  | 'api.storage-unavailable';

export type ProblemCode =
  | AgencyErrorCode
  | DeliveryErrorCode
  | DocumentErrorCode
  | ExchangeErrorCode
  | IntakeErrorCode
  | SigningProblemCode
  | WorkProblemCode
  | GateCode;

/** Every problem that an outsider can meet. A code without both languages does not compile. */
export const PROBLEMS: Record<ProblemCode, ProblemText> = {
  ...SIGNING_PROBLEMS,
  ...WORK_PROBLEMS,
  ...IDENTITY_PROBLEMS,
  ...RESULT_PROBLEMS,
  'agency.code-malformed': {
    title: { vi: 'Mã định danh cơ quan không đúng dạng', en: 'The agency code is malformed' },
    remedy: {
      vi: 'Dùng mã theo QĐ 20/2020/QĐ-TTg, ví dụ H53.06.',
      en: 'Use a code in the form of QĐ 20/2020, for example H53.06.',
    },
  },
  'agency.code-taken': {
    title: { vi: 'Mã định danh đã được cấp cho cơ quan khác', en: 'The code belongs to another agency' },
    remedy: { vi: 'Kiểm tra lại mã {code}.', en: 'Check the code {code}.' },
  },
  'agency.unknown': {
    title: { vi: 'Không có cơ quan này trong danh bạ', en: 'The registry does not know this agency' },
    remedy: {
      vi: 'Tra cứu mã tại /v1/agencies (trên máy của trục: truc agency list).',
      en: 'Look the code up under /v1/agencies (beside the axis: truc agency list).',
    },
  },
  'agency.import-invalid': {
    title: { vi: 'Tệp danh bạ có lỗi', en: 'The import file has faults' },
    remedy: {
      vi: 'Sửa các dòng được nêu rồi nhập lại; chưa có gì được ghi.',
      en: 'Mend the lines named and import again; nothing was written.',
    },
  },
  'agency.parent-unknown': {
    title: { vi: 'Không có cơ quan cấp trên này', en: 'The parent agency is unknown' },
    remedy: { vi: 'Nhập cơ quan cấp trên trước.', en: 'Register the parent first.' },
  },
  'delivery.unknown': {
    title: { vi: 'Không có lượt chuyển này', en: 'There is no such delivery' },
    remedy: { vi: 'Lấy lại danh sách tại /v1/inbox.', en: 'Read the list again under /v1/inbox.' },
  },
  'delivery.not-leased': {
    title: {
      vi: 'Lượt chuyển không còn được giữ cho hệ thống này',
      en: 'The delivery is not leased any more',
    },
    remedy: { vi: 'Nhận lại từ /v1/inbox.', en: 'Take it again from /v1/inbox.' },
  },
  'delivery.already-acknowledged': {
    title: {
      vi: 'Lượt chuyển đã được xác nhận với kết quả khác',
      en: 'The delivery was already acknowledged with another outcome',
    },
    remedy: {
      vi: 'Kết quả đã ghi là {outcome} và không đổi được.',
      en: 'The recorded outcome is {outcome} and stays.',
    },
  },
  'delivery.cancelled': {
    title: {
      vi: 'Văn bản đã được thu hồi trước khi nhận',
      en: 'The delivery was taken back before it was fetched',
    },
    remedy: { vi: 'Không cần xử lý.', en: 'Nothing is to be done.' },
  },
  'delivery.not-failed': {
    title: { vi: 'Lượt chuyển này không phải thư không đến nơi', en: 'The delivery is not a dead letter' },
    remedy: {
      vi: 'Trạng thái hiện tại: {state}; chỉ gửi lại được lượt đã thất bại.',
      en: 'It is {state}; only failed ones can be offered again.',
    },
  },
  'delivery.not-cancellable': {
    title: { vi: 'Không thể hủy lượt chuyển này nữa', en: 'The delivery cannot be cancelled any more' },
    remedy: {
      vi: 'Trạng thái hiện tại: {state}; bên nhận đã lấy nội dung, hãy thu hồi văn bản.',
      en: 'It is {state}, or its recipient has the content: recall the document instead.',
    },
  },
  'delivery.changed-meanwhile': {
    title: { vi: 'Lượt chuyển vừa thay đổi', en: 'The delivery changed meanwhile' },
    remedy: { vi: 'Thử lại.', en: 'Try again.' },
  },
  'document.unknown': {
    title: { vi: 'Không có văn bản này', en: 'There is no such document' },
    remedy: {
      vi: 'Kiểm tra documentId; chỉ bên gửi và bên nhận mới xem được.',
      en: 'Check the documentId; only the sender and the recipients see a document.',
    },
  },
  'document.blob-missing': {
    title: { vi: 'Không đọc được nội dung đã lưu', en: 'Stored content cannot be read' },
    remedy: { vi: 'Báo quản trị trục: cần chạy truc fsck.', en: 'Tell the operator: truc fsck is needed.' },
  },
  'document.content-expired': {
    title: {
      vi: 'Nội dung đã hết thời hạn lưu trên trục và được hủy',
      en: 'The content was destroyed after the time for which the axis keeps it',
    },
    remedy: {
      vi: 'Nội dung của quý {period} không còn; bằng chứng trong sổ cái vẫn còn, bản gốc ở bên gửi và bên nhận.',
      en: 'The content of {period} is gone; the proofs in the ledger remain, and the sender and the recipients have the document.',
    },
  },
  'document.destroyed': {
    title: { vi: 'Nội dung văn bản đã được hủy', en: 'The content was destroyed' },
    remedy: { vi: 'Bằng chứng trong sổ cái vẫn còn.', en: 'The proofs in the ledger remain.' },
  },
  'document.calendar-invalid': {
    title: {
      vi: 'Tệp lịch ngày làm việc không hợp lệ ({cause})',
      en: 'The calendar of working days is not valid ({cause})',
    },
    remedy: {
      vi: 'Sửa tệp theo mẫu vietnam.json (TRUC_CALENDAR).',
      en: 'Mend the file after the model of vietnam.json (TRUC_CALENDAR).',
    },
  },
  'exchange.not-a-party': {
    title: { vi: 'Không có văn bản này', en: 'There is no such document' },
    remedy: {
      vi: 'Chỉ bên gửi và bên nhận mới xem được.',
      en: 'Only the sender and the recipients see a document.',
    },
  },
  'exchange.not-a-recipient': {
    title: {
      vi: 'Cơ quan báo trạng thái không phải bên nhận văn bản',
      en: 'The reporting agency is not a recipient of the document',
    },
    remedy: { vi: 'Kiểm tra From.OrganId và DocumentId.', en: 'Check From.OrganId and DocumentId.' },
  },
  'exchange.status-unknown': {
    title: {
      vi: 'Không tìm thấy văn bản mà trạng thái nói tới',
      en: 'The status names a document that is not known',
    },
    remedy: {
      vi: 'ResponseFor phải có OrganId và DocumentId của văn bản gốc.',
      en: 'ResponseFor must hold OrganId and DocumentId of the original.',
    },
  },
  'exchange.status-reason-missing': {
    title: { vi: 'Trạng thái {code} phải có lý do', en: 'Status {code} needs a reason' },
    remedy: { vi: 'Ghi lý do vào Description.', en: 'Write the reason into Description.' },
  },
  'exchange.status-not-readable': {
    title: {
      vi: 'Thông điệp trạng thái không đúng chuẩn edXML',
      en: 'The status message is not valid edXML',
    },
    remedy: { vi: 'Sửa các lỗi được nêu trong errors.', en: 'Mend the faults listed in errors.' },
  },
  'exchange.digest-mismatch': {
    title: {
      vi: 'Mã băm xác nhận không khớp với nội dung đã gửi',
      en: 'The digest in the acknowledgement is not that of the content',
    },
    remedy: {
      vi: 'Tải lại nội dung và tính lại SHA-256.',
      en: 'Fetch the content again and compute its SHA-256 anew.',
    },
  },
  'exchange.not-recallable': {
    title: {
      vi: 'Không thể thu hồi văn bản ở trạng thái này',
      en: 'The document cannot be recalled in this state',
    },
    remedy: { vi: 'Trạng thái hiện tại: {state}.', en: 'It is {state}.' },
  },
  'exchange.not-held': {
    title: { vi: 'Văn bản không còn chờ quyết định', en: 'The document is not waiting for a decision' },
    remedy: {
      vi: 'Trạng thái hiện tại: {state}. Quyết định đầu tiên có hiệu lực.',
      en: 'It is {state}. The first decision counts.',
    },
  },
  'exchange.period-unknown': {
    title: { vi: 'Không có nội dung nào của quý này', en: 'There is no content of this period' },
    remedy: {
      vi: 'Xem các quý bằng truc retention list.',
      en: 'See the periods with truc retention list.',
    },
  },
  'exchange.content-kept': {
    title: { vi: 'Nội dung chưa hết thời hạn lưu', en: 'The content is still to be kept' },
    remedy: {
      vi: 'Nội dung của quý {period} phải giữ đến {keptUntil}.',
      en: 'The content of {period} is to be kept until {keptUntil}.',
    },
  },
  'exchange.overloaded': {
    title: { vi: 'Trục đang quá tải', en: 'The axis is overloaded' },
    remedy: {
      vi: 'Gửi lại sau thời gian nêu trong Retry-After; gửi lại đúng các byte đó là an toàn.',
      en: 'Send again after Retry-After; sending the same bytes again is safe.',
    },
  },
  'exchange.stopping': {
    title: { vi: 'Trục đang dừng để bảo trì', en: 'The axis is stopping' },
    remedy: { vi: 'Gửi lại sau ít giây.', en: 'Send again in a few seconds.' },
  },
  'intake.too-large': {
    title: { vi: 'Gói tin quá lớn', en: 'The message is too large' },
    remedy: {
      vi: 'Giới hạn {limit} byte, gói tin {size} byte. Chia nhỏ tệp đính kèm, hoặc hỏi quản trị trục về giới hạn.',
      en: 'The limit is {limit} bytes, the message has {size}. Split the attachments, or ask the operator about the limit.',
    },
  },
  'intake.invalid-edxml': {
    title: { vi: 'edXML không đúng chuẩn', en: 'The edXML is not valid' },
    remedy: {
      vi: 'Sửa các lỗi trong errors; POST /v1/documents?dryRun=true kiểm tra trước khi gửi.',
      en: 'Mend the faults in errors; POST /v1/documents?dryRun=true checks without sending.',
    },
  },
  'intake.not-a-document': {
    title: {
      vi: 'Đây là thông điệp trạng thái, không phải văn bản',
      en: 'This is a status message, not a document',
    },
    remedy: { vi: 'Gửi tới /v1/statuses.', en: 'Send it to /v1/statuses.' },
  },
  'intake.sender-not-yours': {
    title: {
      vi: 'Hệ thống không được gửi thay cơ quan trong From',
      en: 'The system may not send for the agency in From',
    },
    remedy: {
      vi: 'From.OrganId là {code}; hệ thống được gửi cho: {allowed}.',
      en: 'From.OrganId is {code}; the system speaks for {allowed}.',
    },
  },
  'intake.unknown-recipient': {
    title: { vi: 'Cơ quan nhận không có trong danh bạ', en: 'A recipient is not in the registry' },
    remedy: {
      vi: 'Sửa mã theo gợi ý trong recipients; chưa gửi cho cơ quan nào.',
      en: 'Correct the code, see the suggestions in recipients; nothing was sent to anyone.',
    },
  },
  'intake.closed-recipient': {
    title: { vi: 'Cơ quan nhận đã khóa hoặc đã chấm dứt', en: 'A recipient is locked or has ended' },
    remedy: {
      vi: 'Gửi cho cơ quan kế thừa nêu trong recipients, nếu có.',
      en: 'Send to the successor in recipients, if there is one.',
    },
  },
  'intake.too-many-recipients': {
    title: { vi: 'Quá nhiều cơ quan nhận ({count})', en: 'Too many recipients ({count})' },
    remedy: {
      vi: 'Tối đa {limit} cơ quan trong một văn bản; hãy chia thành nhiều lần gửi.',
      en: 'At most {limit} agencies in one document; send it in parts.',
    },
  },
  'intake.duplicate-recipient': {
    title: { vi: 'Một cơ quan nhận xuất hiện hai lần', en: 'An agency stands twice among the recipients' },
    remedy: { vi: 'Bỏ bớt To của {code}.', en: 'Remove one To of {code}.' },
  },
  'intake.state-secret': {
    title: { vi: 'Văn bản có dấu hiệu bí mật nhà nước', en: 'The document bears a marking of state secrecy' },
    remedy: {
      vi: 'Không được gửi qua trục (QĐ 28/2018 điều 1). Trục không giữ nội dung; chỉ ghi nhận việc từ chối.',
      en: 'It may not travel over the axis (QĐ 28/2018 art. 1). Nothing of its content was kept; the refusal is recorded.',
    },
  },
  'intake.attachment-refused': {
    title: { vi: 'Tệp đính kèm không được nhận', en: 'An attachment cannot be taken' },
    remedy: { vi: 'Tệp {name}: {cause}.', en: 'File {name}: {cause}.' },
  },
  'intake.signature-failed': {
    title: { vi: 'Chữ ký số của văn bản chính không hợp lệ', en: 'The signature of the main file failed' },
    remedy: {
      vi: 'Xem report: tệp đã bị sửa hoặc chữ ký sai. Ký lại rồi gửi.',
      en: 'See report: the file was altered or the signature is wrong. Sign again and send.',
    },
  },
  'intake.conflict': {
    title: {
      vi: 'Mã văn bản này đã dùng cho nội dung khác',
      en: 'This DocumentId was already used for other bytes',
    },
    remedy: {
      vi: 'Văn bản đã có: {existing}; khác ở: {difference}. Dùng mã mới, hoặc gửi cập nhật/thu hồi.',
      en: 'The existing document is {existing}; the difference lies in the {difference}. Use a new id, or send an update or a recall.',
    },
  },
  'intake.act-open': {
    title: {
      vi: 'Lần cập nhật hoặc thu hồi trước chưa kết thúc',
      en: 'The earlier update or recall is still open',
    },
    remedy: {
      vi: 'Chờ các bên nhận trả lời {existing}.',
      en: 'Wait until the recipients have answered {existing}.',
    },
  },
  'intake.unknown-reference': {
    title: {
      vi: 'Không tìm thấy văn bản được thu hồi, cập nhật hoặc thay thế',
      en: 'The document to recall, update or replace is unknown',
    },
    remedy: { vi: 'DocumentId trong Bussiness: {edxmlId}.', en: 'DocumentId in Bussiness: {edxmlId}.' },
  },
  'api.unauthorized': {
    title: { vi: 'Chưa xác thực', en: 'Not authenticated' },
    remedy: {
      vi: 'Lấy token tại /oauth/token và gửi Authorization: Bearer …',
      en: 'Get a token from /oauth/token and send Authorization: Bearer …',
    },
  },
  'api.invalid-client': {
    title: { vi: 'Sai clientId hoặc clientSecret', en: 'Wrong clientId or clientSecret' },
    remedy: { vi: 'Kiểm tra thông tin hệ thống.', en: 'Check the credentials of the system.' },
  },
  'api.invalid-grant': {
    title: { vi: 'Loại cấp quyền không được hỗ trợ', en: 'Unsupported grant type' },
    remedy: { vi: 'Dùng grant_type=client_credentials.', en: 'Use grant_type=client_credentials.' },
  },
  'api.forbidden-scope': {
    title: { vi: 'Token không có quyền này', en: 'The token lacks a scope' },
    remedy: { vi: 'Cần quyền {scope}.', en: 'Scope {scope} is needed.' },
  },
  'api.not-found': {
    title: { vi: 'Không có địa chỉ này', en: 'There is nothing here' },
    remedy: { vi: 'Xem /docs.', en: 'See /docs.' },
  },
  'api.invalid-request': {
    title: { vi: 'Yêu cầu không đúng', en: 'The request is not valid' },
    remedy: { vi: 'Sửa các tham số trong errors.', en: 'Mend the parameters in errors.' },
  },
  'api.unsupported-media-type': {
    title: { vi: 'Kiểu nội dung không được nhận', en: 'Unsupported content type' },
    remedy: { vi: 'Dùng {expected}.', en: 'Use {expected}.' },
  },
  'api.method-not-allowed': {
    title: { vi: 'Phương thức không được phép', en: 'Method not allowed' },
    remedy: { vi: 'Xem /docs.', en: 'See /docs.' },
  },
  'api.rate-limited': {
    title: { vi: 'Gửi quá nhanh', en: 'Too many requests' },
    remedy: { vi: 'Thử lại sau thời gian trong Retry-After.', en: 'Try again after Retry-After.' },
  },
  'api.internal': {
    title: { vi: 'Lỗi của trục', en: 'An error of the axis' },
    remedy: {
      vi: 'Gửi lại an toàn: cùng nội dung cho cùng kết quả. Báo mã {reference}.',
      en: 'Sending again is safe: the same bytes give the same result. Quote {reference}.',
    },
  },
  'api.storage-unavailable': {
    title: { vi: 'Kho lưu trữ tạm thời không ghi được', en: 'The store cannot be written at the moment' },
    remedy: { vi: 'Chưa có gì được ghi; thử lại sau.', en: 'Nothing was accepted; try again later.' },
  },
};
