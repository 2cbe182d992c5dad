import type { VerificationCode } from '../verification/index.ts';
import type { Bilingual } from './language.ts';

type AsicCode = Extract<VerificationCode, `asic.${string}`>;

/** Sentences about signed containers (ASiC). */
export const asicVerdicts: Readonly<Record<AsicCode, Bilingual>> = {
  'asic.zip-malformed': { vi: 'Gói ZIP bị hỏng', en: 'The ZIP is malformed' },
  'asic.zip-trailing-data': {
    vi: 'Có dữ liệu lạ sau phần kết thúc của gói ZIP',
    en: 'There are foreign bytes behind the end of the ZIP',
  },
  'asic.zip-hidden-data': {
    vi: 'Trong gói ZIP có dữ liệu không thuộc tệp nào',
    en: 'The ZIP holds bytes that belong to no file of it',
  },
  'asic.zip-duplicate-name': {
    vi: 'Trong gói có hai tệp trùng tên',
    en: 'Two files of the container have the same name',
  },
  'asic.zip-path': {
    vi: 'Tên một tệp trong gói dẫn ra ngoài gói hoặc có thể đọc theo nhiều cách',
    en: 'The name of a file leads out of the container or can be read in several ways',
  },
  'asic.zip-headers-differ': {
    vi: 'Hai phần đầu mục của gói ZIP nói khác nhau về một tệp',
    en: 'The two headers of the ZIP tell different things about a file',
  },
  'asic.zip-content-wrong': {
    vi: 'Nội dung một tệp trong gói không đúng kích thước hoặc mã kiểm tra',
    en: 'The content of a file does not have the size or checksum that the ZIP tells',
  },
  'asic.zip-encrypted': {
    vi: 'Gói có tệp bị mã hóa nên không kiểm tra được',
    en: 'A file of the container is encrypted and cannot be judged',
  },
  'asic.zip-method-unsupported': {
    vi: 'Cách nén của một tệp trong gói không được hỗ trợ',
    en: 'A file of the container is compressed in a way that is not supported',
  },
  'asic.zip-bomb': {
    vi: 'Gói nở ra quá lớn hoặc có quá nhiều tệp',
    en: 'The container unpacks to too much or has too many files',
  },
  'asic.zip64-refused': {
    vi: 'Gói dùng định dạng ZIP64, không được chấp nhận',
    en: 'The container is in the ZIP64 form, which is not accepted',
  },
  'asic.mimetype-wrong': {
    vi: 'Tệp mimetype của gói sai nội dung hoặc sai vị trí',
    en: "The container's mimetype file has the wrong content or place",
  },
  'asic.mimetype-missing': {
    vi: 'Gói không có tệp mimetype',
    en: 'The container has no mimetype file',
  },
  'asic.data-object-count': {
    vi: 'Gói ASiC-S phải có đúng một tệp dữ liệu',
    en: 'An ASiC-S container must hold exactly one data file',
  },
  'asic.manifest-missing': {
    vi: 'Không có bảng kê (ASiCManifest) cho chữ ký hoặc dấu thời gian này',
    en: 'There is no ASiCManifest for this signature or time-stamp',
  },
  'asic.manifest-malformed': {
    vi: 'Bảng kê của gói bị hỏng',
    en: 'A manifest of the container is malformed',
  },
  'asic.manifest-ambiguous': {
    vi: 'Nhiều bảng kê cùng nhận một chữ ký',
    en: 'Several manifests claim the same signature',
  },
  'asic.object-missing': {
    vi: 'Một tệp được ký không có trong gói',
    en: 'A signed file is not in the container',
  },
  'asic.object-changed': {
    vi: 'Một tệp được ký đã bị thay đổi',
    en: 'A signed file was changed',
  },
  'asic.file-not-signed': {
    vi: 'Trong gói có tệp không được chữ ký nào bảo vệ',
    en: 'The container holds files that no signature covers',
  },
  'asic.evidence-record-not-judged': {
    vi: 'Gói có hồ sơ chứng cứ lưu trữ chưa được kiểm tra',
    en: 'The container holds an evidence record that was not judged',
  },
};
