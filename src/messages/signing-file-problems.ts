import type { SigningProblemCode } from '../signing/index.ts';
import type { ProblemText } from './problem-text.ts';

type FileProblemCode = Extract<SigningProblemCode, `signing.${'pass' | 'file'}-${string}`>;

/** Problems of files that an agent fetches, signs by itself and brings back. */
export const SIGNING_FILE_PROBLEMS: Readonly<Record<FileProblemCode, ProblemText>> = {
  'signing.pass-unknown': {
    title: { vi: 'Không có đường dẫn tệp này', en: 'There is no such address of a file' },
    remedy: { vi: 'Mở lại cửa sổ ký số.', en: 'Open the widget again.' },
  },
  'signing.pass-used': {
    title: { vi: 'Đường dẫn tệp đã được sử dụng', en: 'This address of a file was used already' },
    remedy: {
      vi: 'Mỗi đường dẫn chỉ dùng một lần; ký lại từ cửa sổ ký số.',
      en: 'It works once; sign again from the widget.',
    },
  },
  'signing.pass-expired': {
    title: { vi: 'Đường dẫn tệp đã hết hạn', en: 'This address of a file has expired' },
    remedy: { vi: 'Ký lại từ cửa sổ ký số.', en: 'Sign again from the widget.' },
  },
  'signing.file-not-offered': {
    title: {
      vi: 'Văn bản này không ký được bằng phần mềm tự ghi chữ ký vào tệp',
      en: 'This document cannot be signed by a program that writes the file itself',
    },
    remedy: {
      vi: 'Chỉ tệp PDF, và không phải ký nháy; hãy chọn cách ký khác.',
      en: 'It is for PDF files and not for initials; choose another way.',
    },
  },
  'signing.file-other-document': {
    title: {
      vi: 'Tệp gửi về không phải văn bản đã giao để ký',
      en: 'What came back is not the document that was given out',
    },
    remedy: {
      vi: 'Tệp đã ký phải bắt đầu bằng đúng các byte của văn bản; hãy ký lại từ cửa sổ ký số.',
      en: 'A signed file begins with exactly the document’s bytes; sign again from the widget.',
    },
  },
  'signing.file-changed': {
    title: {
      vi: 'Tệp gửi về có thay đổi khác ngoài một chữ ký số',
      en: 'What came back has other changes than one signature',
    },
    remedy: {
      vi: 'Chỉ được thêm đúng một chữ ký số; hãy ký lại từ cửa sổ ký số.',
      en: 'Exactly one signature may be added; sign again from the widget.',
    },
  },
};
