import type { SignAction } from './act.ts';

/** Field names by act, so that readers of the PDF see who is meant; initials are told from approvals by theirs. */
const STEMS: Readonly<Record<SignAction, string>> = {
  initial: 'KyNhay',
  approve: 'NguoiKy',
  seal: 'CoQuan',
  appendix: 'PhuLuc',
  copy: 'SaoY',
};

/** @param earlier how many signatures the file has */
export function fieldNameFor(action: SignAction, earlier: number): string {
  return `${STEMS[action]}_${earlier + 1}`;
}

/** Whether a field is an initialling's: no signature of the competent person (NĐ 30/2020 art. 13). */
export function isInitial(fieldName: string): boolean {
  return fieldName.startsWith(STEMS.initial);
}
