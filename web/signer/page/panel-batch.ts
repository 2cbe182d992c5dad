import type { Language, SignerState } from '../protocol.ts';
import { button, element } from './dom.ts';
import { errorWords } from './error-words.ts';
import type { Facts, Item } from './facts.ts';
import type { Words } from './words.ts';

/** The documents of a batch: which is on screen, which were seen and are wanted, and what became of each. */
export function documentList(
  state: SignerState,
  { items, current }: Facts,
  words: Words,
  language: Language,
  look: (index: number) => void,
  want: (index: number, isWanted: boolean) => void,
): HTMLElement {
  const rows = items.map((item, i) => {
    const open = button(item.document.title, { class: 'link', id: `look-${i}` }, () => look(i));
    if (i === current) open.setAttribute('aria-current', 'true');
    const parts = state === 'reviewing' ? [wish(item, i, words, want), open] : [open];
    const said = outcome(state, item, words, language);
    return element('li', {}, ...parts, ...(said ? [element('p', { class: 'hint' }, said)] : []));
  });
  const wanted = items.filter(({ isWanted }) => isWanted).length;
  const count = element('p', { id: 'wanted' }, words.batch.count(wanted, items.length));
  const hint = element('p', { class: 'hint' }, words.batch.hint);
  return element(
    'nav',
    { 'aria-label': words.batch.title },
    element('h2', {}, words.batch.title),
    ...(state === 'reviewing' ? [count, hint] : []),
    element('ol', { class: 'documents' }, ...rows),
  );
}

/** Whoever has not seen a document cannot want it signed. */
function wish(
  item: Item,
  index: number,
  words: Words,
  want: (index: number, isWanted: boolean) => void,
): HTMLElement {
  const box = element('input', {
    type: 'checkbox',
    id: `want-${index}`,
    'aria-label': `${words.batch.seen}: ${item.document.title}`,
  });
  box.checked = item.isWanted;
  box.disabled = !item.isSeen;
  box.addEventListener('change', () => {
    want(index, box.checked);
    const wanted = [...document.querySelectorAll<HTMLInputElement>('[id^=want-]')];
    const count = document.getElementById('wanted');
    if (count)
      count.textContent = words.batch.count(wanted.filter((one) => one.checked).length, wanted.length);
  });
  return box;
}

function outcome(
  state: SignerState,
  { signed, error, isWanted }: Item,
  words: Words,
  language: Language,
): string {
  if (signed) return words.batch.signed;
  if (error) return `${words.batch.failed}: ${errorWords(error.code, language).what} (${error.code})`;
  return state === 'reviewing' || isWanted ? '' : words.batch.left;
}
