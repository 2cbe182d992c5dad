import type { Bilingual } from './language.ts';

/** Words of /verify, where anybody checks a paper or a file. */
export const VERIFY_WORDS = {
  area: { vi: 'Kiểm tra văn bản', en: 'Check a document' },
  title: { vi: 'Kiểm tra văn bản điện tử', en: 'Check an electronic document' },
  lead: {
    vi: 'Tệp hoặc bản giấy trong tay có đúng là văn bản đã gửi qua trục liên thông hay không.',
    en: 'Whether the file or paper in your hand is a document that passed the exchange axis.',
  },
  file: { vi: 'Kiểm tra một tệp', en: 'Check a file' },
  choose: {
    vi: 'Chọn tệp văn bản, hoặc ảnh chụp mã QR trên bản giấy',
    en: 'Choose the document, or a photo of the QR code on the paper',
  },
  drop: {
    vi: 'Hoặc kéo tệp thả vào đây. Mã băm được tính ngay trong trình duyệt; tệp và ảnh không rời khỏi máy này.',
    en: 'Or drop a file here. Its digest is computed in this browser; neither file nor photo leaves this machine.',
  },
  busy: { vi: 'Đang tính mã băm:', en: 'Computing the digest:' },
  large: {
    vi: 'Tệp lớn hơn 512 MB: hãy tính SHA-256 bằng lệnh bên dưới rồi nhập vào ô.',
    en: 'Larger than 512 MB: compute the SHA-256 with the command below and type it in.',
  },
  insecure: {
    vi: 'Trình duyệt chỉ tính được mã băm khi trang mở bằng https. Hãy nhập SHA-256 vào ô bên dưới.',
    en: 'Browsers compute digests on https pages only. Type the SHA-256 in below.',
  },
  failed: { vi: 'Không đọc được tệp:', en: 'Cannot be read:' },
  code: { vi: 'Nhập mã', en: 'Type the code' },
  codeLabel: {
    vi: 'Mã in dưới hình QR, hoặc SHA-256 của tệp',
    en: 'The code under the QR picture, or the SHA-256 of a file',
  },
  codeHint: {
    vi: 'Chữ hoa, chữ thường, dấu gạch và khoảng trắng không quan trọng.',
    en: 'Case, dashes and spaces do not matter.',
  },
  check: { vi: 'Kiểm tra', en: 'Check' },
  commands: {
    vi: 'Tính SHA-256: certutil -hashfile TỆP SHA256 (Windows), sha256sum TỆP (Linux), shasum -a 256 TỆP (macOS).',
    en: 'SHA-256: certutil -hashfile FILE SHA256 (Windows), sha256sum FILE (Linux), shasum -a 256 FILE (macOS).',
  },
  told: { vi: 'Trang này cho biết gì', en: 'What this page tells' },
  toldText: {
    vi: 'Ai có văn bản trong tay được biết: cơ quan gửi, số và ký hiệu, thời điểm vào sổ cái, kết quả kiểm tra chữ ký và hiệu lực hiện nay. Không ai biết được nơi nhận, trích yếu hay nội dung.',
    en: 'Whoever has the document learns its sender, number, time in the ledger, verdict on its signatures and standing today. Nobody learns its recipients, subject or content.',
  },
  guessText: {
    vi: 'Tra bằng mã băm chỉ được với tệp có chữ ký số: tệp không ký có thể đoán được, nên chỉ tra được bằng mã trên bản giấy. Một tệp gửi nhiều lần thì chỉ lần đầu được nêu.',
    en: 'Digests find signed files only: what is not signed could be guessed, and is found by the code on paper alone. Of a file that was sent several times only the first is told.',
  },
  badKey: {
    vi: 'Đây không phải mã kiểm tra, cũng không phải SHA-256 (64 chữ số thập lục phân).',
    en: 'This is neither a code nor a SHA-256 (64 hexadecimal digits).',
  },
  againTitle: { vi: 'Kiểm tra văn bản khác', en: 'Check another one' },
  isFile: { vi: 'Đúng là tệp đã gửi qua trục', en: 'This very file passed the axis' },
  isPaper: {
    vi: 'Mã này thuộc về một văn bản đã gửi qua trục',
    en: 'The code belongs to a document of the axis',
  },
  recalled: { vi: 'Văn bản này đã bị thu hồi', en: 'This document was recalled' },
  replaced: { vi: 'Văn bản này đã được thay thế', en: 'This document was replaced' },
  updated: { vi: 'Văn bản này đã được cập nhật', en: 'This document was updated' },
  recalledText: {
    vi: 'Cơ quan gửi đã thu hồi lúc {time}. Không dùng văn bản này.',
    en: 'Its sender recalled it at {time}. Do not rely on it.',
  },
  replacedText: {
    vi: 'Cơ quan gửi đã thay bằng văn bản khác lúc {time}. Hãy hỏi bản thay thế.',
    en: 'Its sender replaced it at {time}. Ask for the later one.',
  },
  updatedText: {
    vi: 'Cơ quan gửi đã cập nhật lúc {time}. Bản đang có có thể không còn đủ.',
    en: 'Its sender updated it at {time}. What you have may not be all.',
  },
  inForceText: {
    vi: 'Chưa bị thu hồi hay thay thế, tính đến lúc xem trang này.',
    en: 'Neither recalled nor replaced up to now.',
  },
  compare: {
    vi: 'Mã có thể bị chép sang giấy khác. Hãy so số, ký hiệu, ngày và cơ quan dưới đây với bản giấy; muốn chắc cả nội dung, hãy kiểm tra tệp điện tử.',
    en: 'A code can be copied onto another paper. Compare number, date and sender below with the paper; for its content, check the electronic file.',
  },
  sender: { vi: 'Cơ quan gửi', en: 'Sender' },
  number: { vi: 'Số, ký hiệu', en: 'Number' },
  date: { vi: 'Ngày văn bản', en: 'Date' },
  kind: { vi: 'Loại văn bản', en: 'Type' },
  at: { vi: 'Vào sổ cái lúc', en: 'In the ledger since' },
  signature: { vi: 'Chữ ký số trên tệp chính', en: 'Signatures on the main file' },
  legal: { vi: 'Giá trị', en: 'Value' },
  replacesPaper: {
    vi: 'Đủ điều kiện kỹ thuật thay bản giấy (QĐ 28/2018, điều 4), theo kết quả kiểm tra lúc gửi',
    en: 'Technical conditions to replace paper (QĐ 28/2018 art. 4), as judged when it was sent',
  },
  forInformation: { vi: 'Để biết, tham khảo', en: 'For information' },
  thisFile: { vi: 'Tệp này', en: 'This file' },
  document: { vi: 'toàn bộ văn bản (edXML)', en: 'the whole document (edXML)' },
  main: { vi: 'tệp chính', en: 'the main file' },
  annex: { vi: 'tệp kèm theo', en: 'an annex' },
  files: { vi: 'SHA-256 của từng tệp', en: 'SHA-256 of each file' },
  envelope: { vi: 'Toàn bộ (edXML)', en: 'Whole (edXML)' },
  fileNumber: { vi: 'Tệp {n}', en: 'File {n}' },
  index: { vi: 'Mục sổ cái', en: 'Ledger entry' },
  stepFacts: { vi: 'Mở các điều mục này cam kết', en: 'Open what the entry commits to' },
  stepFile: { vi: 'So mã băm của tệp với điều đã mở', en: 'Compare the digest with what was opened' },
  proven: { vi: 'Sổ cái đã ký chứng minh điều này', en: 'The signed ledger proves it' },
  notAlone: {
    vi: 'Văn bản gửi trước khi sổ cái cam kết từng tệp: tệp này do hồ sơ của trục xác nhận, mục sổ cái chứng minh cơ quan gửi và thời điểm.',
    en: 'Sent before the ledger committed to single files: the axis’s records say that this file was in it; the entry proves sender and time.',
  },
  noScript: {
    vi: 'Trình duyệt không chạy script: tải biên nhận rồi kiểm bằng truc evidence verify BIÊN-NHẬN --vkey KHÓA.',
    en: 'No script here: download the receipt and run truc evidence verify RECEIPT --vkey KEY.',
  },
  known: { vi: 'Trục ghi nhận', en: 'What the axis recorded' },
  offline: { vi: 'Kiểm ngoại tuyến', en: 'Offline' },
  receipt: { vi: 'Biên nhận', en: 'Receipt' },
  logKey: { vi: 'Khóa công khai của sổ cái', en: 'Public key of the log' },
  none: { vi: 'Trục không xác nhận được', en: 'The axis cannot confirm this' },
  noneText: {
    vi: 'Không có văn bản nào như vậy mà ai cũng được tra. Điều đó chưa nói tệp là giả. Có thể:',
    en: 'There is no such document that everybody may be told of. That does not make it a forgery. Perhaps:',
  },
  noneChanged: {
    vi: 'tệp đã bị sửa, in lại, hoặc lưu lại (khác một byte là khác mã băm);',
    en: 'the file was changed, printed or saved anew (one byte makes another digest);',
  },
  noneTyped: { vi: 'mã gõ chưa đúng;', en: 'the code was mistyped;' },
  noneUnsigned: {
    vi: 'tệp không có chữ ký số: chỉ tra được bằng mã in trên bản giấy;',
    en: 'the file is not signed: it is found by the code on paper alone;',
  },
  noneElsewhere: {
    vi: 'văn bản không gửi qua trục này, chưa được tiếp nhận, hoặc nội dung đã hết hạn lưu.',
    en: 'it did not pass this axis, was not accepted, or its content was destroyed after its time.',
  },
  noneAsk: {
    vi: 'Cần chắc chắn, hãy hỏi cơ quan ban hành.',
    en: 'To be sure, ask the agency that issued it.',
  },
  asked: { vi: 'Đã tra', en: 'Looked up' },
} as const satisfies Readonly<Record<string, Bilingual>>;
