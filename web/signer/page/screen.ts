import type { Language, SignerState, Theme } from '../protocol.ts';
import type { SigningApi } from './api.ts';
import type { Ceremony, Stage } from './ceremony.ts';
import type { Bytes } from './checks/bytes.ts';
import { button, element } from './dom.ts';
import type { Facts } from './facts.ts';
import { type Acts, Panel } from './panel.ts';
import type { Choice } from './panel-keys.ts';
import { PlaceForm } from './panel-place.ts';
import { type Box, boxOf, type Place, type View, warningsOf } from './placing.ts';
import { providerFor } from './providers/registry.ts';
import { SignGuard } from './sign-guard.ts';
import type { Viewer } from './viewer.ts';
import { type Words, wordsOf } from './words.ts';

/** On a telephone a page is as wide as the screen, which nobody can read. */
const ZOOMS = [0.5, 0.75, 1, 1.5, 2, 3, 4];
const WHOLE = 2;
/** Points. Nobody sees less, and a number that was typed is rounded. */
const SAME = 0.05;

/** Document on one side, panel on the other, state above both. */
export class Screen implements Stage {
  private readonly words: Words;
  private readonly panel: Panel;
  private readonly guard: SignGuard;
  private readonly status = element('p', { role: 'status', id: 'status' });
  private readonly title = element('h1', { tabindex: '-1' });
  private readonly pages: HTMLElement;
  private readonly side = element('div', { id: 'side' });
  private viewer: Viewer | null = null;
  private shown: Bytes | null = null;
  private form: PlaceForm | null = null;
  private prepared: Box | null = null;
  /** Where the rules want the signature, by document. */
  private readonly rooms = new WeakMap<Bytes, Place | null>();
  private room: Place | null = null;
  private zoom = WHOLE;
  private state: SignerState = 'idle';
  private ceremony: Ceremony | null = null;
  private readonly api: SigningApi;

  constructor(language: Language, theme: Theme, api: SigningApi) {
    this.api = api;
    this.words = wordsOf(language);
    this.panel = new Panel(language, this.acts());
    this.guard = new SignGuard(this.words.hidden);
    document.documentElement.lang = language;
    document.documentElement.dataset.theme = theme;
    document.title = this.words.title;
    this.title.textContent = this.words.title;
    this.pages = element('section', { id: 'pages', tabindex: '0', 'aria-label': this.words.document });
    const top = element('header', {}, element('div', {}, this.title, this.status), this.zooming());
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.isComposing) this.ceremony?.cancel('user');
    });
    document.body.replaceChildren(top, element('main', {}, this.pages, this.side));
  }

  play(ceremony: Ceremony): void {
    this.ceremony = ceremony;
  }

  async show(bytes: Bytes): Promise<number> {
    if (this.viewer && this.shown === bytes) return this.viewer.pages;
    const viewer = await (await viewers()).show(bytes, this.pages, this.words.page);
    this.viewer?.close();
    Object.assign(this, { viewer, shown: bytes });
    viewer.enlarge(ZOOMS[this.zoom] ?? 1);
    return viewer.pages;
  }

  async reveal(box: Box): Promise<void> {
    await this.viewer?.reveal(box, this.words.place.mark, (to) => void this.dragged(to));
    await this.judge(box);
  }

  async roomFor(name: string, bytes: Bytes): Promise<Place | null> {
    const room =
      this.shown === bytes
        ? ((await this.viewer?.roomFor(name)) ?? null)
        : await (await viewers()).roomIn(bytes, name);
    this.rooms.set(bytes, room);
    return room;
  }

  async viewOf(page: number): Promise<View> {
    return (await this.viewer?.viewOf(page)) ?? { box: [], rotate: 0 };
  }

  enter(state: SignerState, facts: Facts): void {
    const isNew = state !== this.state;
    this.state = state;
    document.body.dataset.state = state;
    const isWaiting = state === 'signing' && !facts.isSigned;
    const said = isWaiting ? this.words.waiting : this.words.states[state === 'idle' ? 'loading' : state];
    this.status.textContent = state === 'idle' ? '' : said;
    const item = facts.items[facts.current];
    const box = state === 'confirming' ? (item?.box ?? null) : null;
    this.prepared = box;
    this.room = (item && this.rooms.get(item.bytes)) ?? null;
    this.form =
      box &&
      new PlaceForm(
        box,
        this.words,
        (to) => void this.typed(to),
        (to) => void this.ceremony?.place(to),
      );
    this.side.replaceChildren(...this.panel.of(state, facts, this.form?.root ?? null));
    this.guard.watch(document.getElementById('sign'), document.getElementById('sight'));
    // Focus follows what has changed; the first screen leaves it where it is.
    if (state === 'failed') document.getElementById('error')?.focus();
    else if (isNew && state !== 'loading' && state !== 'reviewing') this.title.focus();
  }

  private async dragged(box: Box): Promise<void> {
    this.form?.show(box);
    await this.judge(box);
  }

  private async typed(box: Box): Promise<void> {
    if (Object.values(box).some(Number.isNaN)) return this.guard.hold(true);
    await this.viewer?.frame(box, this.words.place.mark, (to) => void this.dragged(to));
    await this.judge(box);
  }

  /** Warns of a place, and holds Sign back where it is not the one that was prepared. */
  private async judge(box: Box): Promise<void> {
    const { viewer, prepared, form, words, room } = this;
    if (!viewer || !prepared || !form) return;
    const view = await viewer.viewOf(box.page);
    const wanted = room && boxOf(room, await viewer.viewOf(room.page));
    const warnings = warningsOf(box, await viewer.textOn(box.page), view, wanted);
    const isMoved = !isSame(box, prepared);
    form.mark(
      isMoved,
      warnings.map((one) => words.warnings[one]),
    );
    this.guard.hold(isMoved);
  }

  private zooming(): HTMLElement {
    const { zoom } = this.words;
    const shown = element('output', {}, '100 %');
    const to = (step: number) => () => {
      this.zoom = Math.min(Math.max(0, this.zoom + step), ZOOMS.length - 1);
      shown.textContent = `${(ZOOMS[this.zoom] ?? 1) * 100} %`;
      this.viewer?.enlarge(ZOOMS[this.zoom] ?? 1);
    };
    const smaller = button('−', { 'aria-label': zoom.out, id: 'smaller' }, to(-1));
    const larger = button('+', { 'aria-label': zoom.in, id: 'larger' }, to(1));
    return element('div', { class: 'zoom', role: 'group', 'aria-label': zoom.group }, smaller, shown, larger);
  }

  private acts(): Acts {
    return {
      choose: (choice) => void this.choose(choice),
      chooseCredential: (id) => void this.ceremony?.chooseCredential(id),
      look: (index) => void this.ceremony?.look(index),
      want: (index, isWanted) => this.ceremony?.want(index, isWanted),
      sign: () => this.guard.mayPress && void this.ceremony?.sign(),
      back: () => void this.ceremony?.back(),
      sendAgain: () => void this.ceremony?.sendAgain(),
      cancel: () => this.ceremony?.cancel('user'),
    };
  }

  private async choose(choice: Choice): Promise<void> {
    const { ceremony } = this;
    if (!ceremony) return;
    const progress = (part: number) => {
      const bar = document.querySelector<HTMLProgressElement>('#progress');
      if (bar) bar.value = part;
    };
    const provider = providerFor(choice, this.api, { progress, says: (change) => ceremony.says(change) });
    await ceremony.choose(provider);
  }
}

function isSame(one: Box, other: Box): boolean {
  const names = ['page', 'left', 'bottom', 'width', 'height'] as const;
  return names.every((name) => Math.abs(one[name] - other[name]) <= SAME);
}

/** The largest part of the page: what only asks for a ticket is there before it. */
async function viewers(): Promise<typeof Viewer> {
  return (await import('./viewer.ts')).Viewer;
}
