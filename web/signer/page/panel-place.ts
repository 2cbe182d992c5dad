import { element } from './dom.ts';
import type { Box } from './placing.ts';
import type { Words } from './words.ts';

/** A millimetre in points. */
const MM = 72 / 25.4;
const NAMES = ['page', 'left', 'bottom', 'width', 'height'] as const;

/** The numbers of a place, in millimetres: for whoever does not drag, and exact for whoever measures. */
export class PlaceForm {
  readonly root: HTMLElement;
  private readonly words: Words;
  private readonly inputs: HTMLInputElement[];
  private readonly warnings = element('ul', { class: 'warnings', id: 'place-warnings', role: 'status' });
  private readonly apply: HTMLButtonElement;
  /** As it was told: what is shown is rounded. */
  private exact: Box;

  /**
   * @param moved is told of every change of a number
   * @param apply has everything prepared anew
   */
  constructor(box: Box, words: Words, moved: (box: Box) => void, apply: (box: Box) => void) {
    this.words = words;
    this.inputs = NAMES.map((name) =>
      element('input', {
        type: 'number',
        id: `place-${name}`,
        step: name === 'page' ? '1' : 'any',
        min: name === 'page' ? '1' : '0',
        required: '',
      }),
    );
    this.apply = element('button', { type: 'submit', id: 'place' }, words.place.apply);
    const fields = this.inputs.map((input, i) =>
      element('div', {}, element('label', { for: input.id }, words.place[NAMES[i] ?? 'page']), input),
    );
    const form = element(
      'form',
      {},
      element('p', { class: 'hint' }, words.place.hint),
      element('div', { class: 'numbers' }, ...fields),
      element('div', { class: 'buttons' }, this.apply),
    );
    form.addEventListener('input', () => moved(this.box));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      apply(this.box);
    });
    const details = element('details', {}, element('summary', {}, words.place.title), form);
    this.root = element('div', {}, this.warnings, details);
    this.exact = box;
    this.show(box);
  }

  /** Numbers that nobody changed are what they were told to be. */
  get box(): Box {
    const { exact } = this;
    const read = Object.fromEntries(
      NAMES.map((name, i) => {
        const input = this.inputs[i];
        if (!input || input.value === shownAs(name, exact[name])) return [name, exact[name]];
        return [name, name === 'page' ? input.valueAsNumber : input.valueAsNumber * MM];
      }),
    );
    return { ...exact, ...read };
  }

  show(box: Box): void {
    this.exact = box;
    this.inputs.forEach((input, i) => {
      const name = NAMES[i] ?? 'page';
      input.value = shownAs(name, box[name]);
    });
  }

  /** @param isMoved whether what is shown is not what was prepared */
  mark(isMoved: boolean, warnings: readonly string[]): void {
    this.apply.classList.toggle('primary', isMoved);
    const shown = isMoved ? [...warnings, this.words.place.moved] : warnings;
    this.warnings.replaceChildren(...shown.map((one) => element('li', {}, one)));
    if (isMoved) this.root.querySelector('details')?.setAttribute('open', '');
  }
}

/** Hundredths of a millimetre: finer than a tenth of a point. */
function shownAs(name: (typeof NAMES)[number], value: number): string {
  return name === 'page' ? String(value) : String(Number((value / MM).toFixed(2)));
}
