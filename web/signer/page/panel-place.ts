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
        step: name === 'page' ? '1' : '0.1',
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
    this.show(box);
  }

  get box(): Box {
    const [page = 1, ...rest] = this.inputs.map((input) => input.valueAsNumber);
    const [left = 0, bottom = 0, width = 0, height = 0] = rest.map((one) => one * MM);
    return { page, left, bottom, width, height };
  }

  show(box: Box): void {
    this.inputs.forEach((input, i) => {
      const name = NAMES[i] ?? 'page';
      input.value = name === 'page' ? String(box.page) : (box[name] / MM).toFixed(1);
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
