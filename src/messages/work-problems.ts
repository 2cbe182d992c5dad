import type { WorkProblemCode } from '../workflow/index.ts';
import type { ProblemText } from './problem-text.ts';

/** Problems of the clerical work; those that come from a rule of law name the article in `source`. */
export const WORK_PROBLEMS: Readonly<Record<WorkProblemCode, ProblemText>> = {
  'work.file-unknown': {
    title: { vi: 'Không có hồ sơ văn bản này', en: 'There is no such file' },
    remedy: { vi: 'Kiểm tra lại đường dẫn hoặc mã hồ sơ.', en: 'Check the address or the fileId.' },
  },
  'work.step-not-now': {
    title: {
      vi: 'Văn bản đang ở bước khác, chưa (hoặc không còn) làm được việc này',
      en: 'The document is at another step: this cannot be done now',
    },
    remedy: {
      vi: 'Tải lại trang để xem trạng thái hiện tại ({state}).',
      en: 'Load the file again and see where it stands ({state}).',
    },
  },
  'work.role-missing': {
    title: { vi: 'Việc này không thuộc vai trò của ông/bà', en: 'This is not for your role' },
    remedy: {
      vi: 'Chuyển cho người có vai trò phù hợp (căn cứ: {source}).',
      en: 'Hand it to somebody with the role (source: {source}).',
    },
  },
  'work.not-your-turn': {
    title: {
      vi: 'Việc này đang giao cho người khác',
      en: 'This has been given to somebody else',
    },
    remedy: {
      vi: 'Đề nghị người được giao thực hiện, hoặc giao lại.',
      en: 'Ask the person it was given to, or have it given to you.',
    },
  },
  'work.same-person': {
    title: {
      vi: 'Một người không được làm cả hai việc này trên cùng một văn bản',
      en: 'One person may not do both of these to one document',
    },
    remedy: {
      vi: 'Chuyển cho người khác (căn cứ: {source}).',
      en: 'Hand it to somebody else (source: {source}).',
    },
  },
  'work.checks-missing': {
    title: {
      vi: 'Chưa kiểm tra đủ nội dung và thể thức của bản mới nhất',
      en: 'Content and form of the newest version are not both checked yet',
    },
    remedy: {
      vi: 'Đề nghị người kiểm tra xác nhận rồi trình lại (căn cứ: {source}).',
      en: 'Have the checks made, then submit again (source: {source}).',
    },
  },
  'work.changed-meanwhile': {
    title: {
      vi: 'Người khác vừa cập nhật hồ sơ này',
      en: 'Somebody else has just changed this file',
    },
    remedy: {
      vi: 'Tải lại trang, xem thay đổi rồi làm tiếp nếu còn cần.',
      en: 'Load the file again, look at the change and go on if it is still needed.',
    },
  },
  'work.number-taken': {
    title: {
      vi: 'Số này trong sổ đã cấp cho văn bản khác',
      en: 'The register has given this number already',
    },
    remedy: {
      vi: 'Để trống để lấy số tiếp theo, hoặc chọn số khác số {number}.',
      en: 'Leave it empty for the next number, or choose another than {number}.',
    },
  },
  'work.reason-missing': {
    title: { vi: 'Chưa ghi nội dung hoặc lý do', en: 'A text or reason is missing' },
    remedy: { vi: 'Ghi nội dung rồi gửi lại.', en: 'Write it and send again.' },
  },
  'work.recipients-missing': {
    title: { vi: 'Chưa có nơi nhận', en: 'There is no recipient' },
    remedy: { vi: 'Chọn ít nhất một cơ quan nhận.', en: 'Choose at least one agency.' },
  },
  'work.signer-without-certificate': {
    title: {
      vi: 'Người này chưa có chứng thư số được đăng ký',
      en: 'This person has no registered certificate',
    },
    remedy: {
      vi: 'Đề nghị quản trị đăng ký chứng thư số của {name} (truc agency bind).',
      en: 'Have the certificate of {name} registered (truc agency bind).',
    },
  },
  'work.text-too-long': {
    title: { vi: 'Nội dung quá dài để soạn tại đây', en: 'The text is too long to be set in type here' },
    remedy: {
      vi: 'Rút còn {limit} ký tự, hoặc tạo tệp PDF bằng phần mềm soạn thảo và đưa vào qua API.',
      en: 'Shorten it to {limit} characters, or make the PDF elsewhere and bring it by the API.',
    },
  },
  'work.has-own-system': {
    title: {
      vi: 'Cơ quan đang có hệ thống riêng nhận văn bản từ trục',
      en: 'A system of the agency is told of what comes',
    },
    remedy: {
      vi: 'Đề nghị quản trị trục gỡ điểm kết nối của hệ thống đó trước.',
      en: 'Have the endpoint of that system removed by the operator of the axis first.',
    },
  },
  'work.annex-not-usable': {
    title: { vi: 'Không dùng được tệp phụ lục "{name}"', en: 'The annex "{name}" cannot be used' },
    remedy: {
      vi: 'Phụ lục phải là tệp PDF; mỗi văn bản có nhiều nhất {limit} tệp phụ lục.',
      en: 'An annex is a PDF file, and a document has at most {limit} of them.',
    },
  },
  'work.annexes-unsealed': {
    title: { vi: 'Còn phụ lục chưa có chữ ký số của cơ quan', en: "Annexes lack the agency's signature" },
    remedy: {
      vi: 'Văn thư ký số của cơ quan trên các tệp phụ lục trước khi phát hành ({names}).',
      en: "Have the clerk apply the agency's signature to the annexes first ({names}).",
    },
  },
  'work.batch-mixed': {
    title: {
      vi: 'Các văn bản đã chọn không cùng một hình thức ký',
      en: 'The documents chosen are not signed in one form',
    },
    remedy: {
      vi: 'Ký từng nhóm có cùng hình thức ký (TM., KT., TL., TUQ.) và cùng căn cứ.',
      en: 'Sign those of one form (TM., KT., TL., TUQ.) and one delegation at a time.',
    },
  },
  'work.amends-unknown': {
    title: { vi: 'Không có văn bản đã phát hành này', en: 'The agency has issued no such document' },
    remedy: {
      vi: 'Chỉ đính chính, thay thế được văn bản mà cơ quan đã gửi qua trục.',
      en: 'Only what the agency has sent over the axis can be corrected or replaced.',
    },
  },
  'work.other-office': {
    title: { vi: 'Ông/bà đã chuyển sang làm việc tại {agency}', en: 'You work in {agency} now' },
    remedy: {
      vi: 'Trang này mở khi làm việc tại cơ quan khác: chuyển lại cơ quan đó rồi làm tiếp.',
      en: 'This page was opened in another agency: go back to that one and do it again.',
    },
  },
  'work.person-unknown': {
    title: { vi: 'Không có người này trong cơ quan', en: 'The agency has no such person' },
    remedy: { vi: 'Chọn người trong danh sách của cơ quan.', en: 'Choose somebody of the agency.' },
  },
};
