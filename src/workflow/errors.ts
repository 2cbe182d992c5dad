/** What people outside can meet in the clerical work. */
export type WorkProblemCode =
  | 'work.file-unknown'
  | 'work.step-not-now'
  | 'work.role-missing'
  | 'work.not-your-turn'
  | 'work.same-person'
  | 'work.checks-missing'
  | 'work.changed-meanwhile'
  | 'work.number-taken'
  | 'work.reason-missing'
  | 'work.recipients-missing'
  | 'work.signer-without-certificate'
  | 'work.person-unknown'
  | 'work.text-too-long'
  | 'work.has-own-system';
