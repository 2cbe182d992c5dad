/** README.txt of a package: part of its form, the same in every one. */
export const README = `BẰNG CHỨNG CỦA TRỤC LIÊN THÔNG VĂN BẢN
(English below)

Tệp này chứng minh các bước mà một văn bản đã đi qua, kiểm tra được mà không cần mạng và không cần tin bên vận hành.
Kiểm tra:  truc evidence verify <tệp này> --vkey <khóa của sổ>
Lấy khóa (vkey) từ nơi độc lập với tệp này: công bố của cơ quan vận hành, hoặc một bên đã lưu từ trước.

  entries/NNN.json         từng bước, đúng nguyên văn như trong sổ
  proofs/NNN.tlog-proof    chứng minh bước đó nằm trong sổ (định dạng mở C2SP tlog-proof)
  checkpoint               tình trạng của sổ, có chữ ký của sổ (C2SP tlog-checkpoint)
  disclosures.json         các dữ kiện được mở, và khóa mở từng dữ kiện
  report.json              báo cáo kiểm tra chữ ký số tại thời điểm tiếp nhận
  reports/NNN.json         báo cáo của các lần kiểm tra lại về sau cho kết quả khác (nếu có)
  original.edxml           văn bản đúng như đã gửi
  manifest.json            mã băm SHA-256 của các tệp

Điều tệp này KHÔNG chứng minh: các bước sau bước cuối cùng ghi ở đây; thời điểm, ngoài lời của bên vận hành; và khi chưa
có bên làm chứng độc lập cùng ký, việc sổ cho mọi người xem cùng một nội dung (điều đó lộ ra khi các bên so checkpoint).

EVIDENCE OF THE DOCUMENT EXCHANGE AXIS

This file proves the steps that a document has gone through. It can be checked without a network and without trusting the
operator.
Check it:  truc evidence verify <this file> --vkey <key of the log>
Take the key (vkey) from somewhere else than this file: the operator's publication, or somebody who kept it earlier.

  entries/NNN.json         each step, byte for byte as in the log
  proofs/NNN.tlog-proof    proof that the step is in the log (open format C2SP tlog-proof)
  checkpoint               the state of the log, signed by it (C2SP tlog-checkpoint)
  disclosures.json         the facts that are opened, and the key that opens each
  report.json              the report on the digital signatures as of acceptance
  reports/NNN.json         reports of later judgements that came to another verdict (where there are any)
  original.edxml           the document exactly as it was sent
  manifest.json            SHA-256 of the files

What this file does NOT prove: steps after the last one shown; times, beyond the operator's word; and, as long as no
independent witness cosigns, that the log shows everybody the same (which comes out when parties compare checkpoints).
`;
