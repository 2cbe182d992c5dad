export type IntakeErrorCode =
  | 'intake.too-large'
  | 'intake.invalid-edxml'
  | 'intake.not-a-document'
  | 'intake.sender-not-yours'
  | 'intake.unknown-recipient'
  | 'intake.closed-recipient'
  | 'intake.duplicate-recipient'
  | 'intake.state-secret'
  | 'intake.attachment-refused'
  | 'intake.signature-failed'
  | 'intake.conflict'
  | 'intake.act-open'
  | 'intake.unknown-reference';
