import type { Delivery } from '../delivery/index.ts';
import { BUSINESS_WORDS, FAILURE_WORDS, type Language, LINE_STATES } from '../messages/index.ts';
import type { Mood } from '../rendering/index.ts';

export interface LineState {
  name: keyof typeof LINE_STATES;
  mood: Mood;
}

const MOODS: Readonly<Record<keyof typeof LINE_STATES, Mood>> = {
  waiting: 'none',
  again: 'open',
  told: 'busy',
  taken: 'busy',
  leased: 'busy',
  done: 'good',
  failed: 'bad',
  cancelled: 'none',
};

/** The current state of a delivery: what failed before and has come right since is not a failure any more. */
export function lineState(delivery: Delivery): LineState {
  const name = nameOf(delivery);
  return { name, mood: MOODS[name] };
}

function nameOf({ state, failure, fetchedAt, notifiedAt }: Delivery): keyof typeof LINE_STATES {
  if (state === 'done' || state === 'failed' || state === 'cancelled') return state;
  if (fetchedAt !== null) return 'taken';
  if (state === 'leased') return 'leased';
  if (failure !== null) return 'again';
  return notifiedAt !== null ? 'told' : 'waiting';
}

export function stateText(delivery: Delivery, lang: Language): string {
  return LINE_STATES[lineState(delivery).name][lang];
}

/** Why it failed, in a sentence where there is one, with the code that the log is filtered by. */
export function failureText(failure: string, lang: Language): string {
  const known = FAILURE_WORDS[failure]?.[lang];
  if (known) return `${known} (${failure})`;
  const status = /^http-(\d{3})$/.exec(failure)?.[1];
  if (!status) return failure;
  return lang === 'vi' ? `Hệ thống nơi nhận trả lời ${status}` : `The recipient's system answered ${status}`;
}

export function businessText(code: string, lang: Language): string {
  const word = BUSINESS_WORDS[code]?.[lang];
  return word ? `${code} ${word}` : code;
}
