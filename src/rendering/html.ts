import { ImpossibleError } from '../kernel/index.ts';
import { visible } from './text.ts';

/** Made by {@link html} alone, so that whatever is one is escaped. */
class HtmlText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Html = HtmlText;

/** Made by {@link local} alone: an address of this axis, whole. */
class LocalAddress {
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }
}

export type Local = LocalAddress;

/**
 * An address on this origin, for a place in a template where a whole address stands.
 * @param path begins with `/` and a word or ends there, or with `?` or `#`
 * @throws ImpossibleError for anything that could lead elsewhere
 */
export function local(path: string): Local {
  if (!/^([?#]|\/(?![/\\]))/.test(path) || /[\p{Cc}\\]/u.test(path))
    throw new ImpossibleError('an address that is not ours');
  return new LocalAddress(path);
}

/** What may stand in a template: text is escaped, HTML of ours passes, nothing is nothing. */
export type HtmlValue = string | number | Html | Local | null | false | readonly HtmlValue[];

/**
 * HTML from a template literal. Every text put in is escaped and made visible (no control or direction characters). A
 * place where escaping would not be enough is a fault of the template: unquoted attributes, names of tags and
 * attributes, comments, `script` and `style`, event handlers, the beginning of an address.
 * @throws ImpossibleError for such a template, on its first use
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const places = placesOf(parts);
  let text = parts[0] ?? '';
  for (const [i, value] of values.entries()) {
    text += PUT[places[i] as Place](value);
    text += parts[i + 1] ?? '';
  }
  return new HtmlText(text);
}

/** The text of HTML, for the one who answers with it. */
export function htmlText(page: Html): string {
  return page.text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, (one) => ESCAPES[one] as string);
}

function content(value: HtmlValue): string {
  if (value === null || value === false) return '';
  if (value instanceof HtmlText) return value.text;
  if (value instanceof LocalAddress) return escaped(value.path);
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return value.map(content).join('');
}

function attribute(value: HtmlValue): string {
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  throw new ImpossibleError('an attribute takes text only');
}

function address(value: HtmlValue): string {
  if (value instanceof LocalAddress) return escaped(value.path);
  throw new ImpossibleError('the beginning of an address');
}

type Place = 'content' | 'attribute' | 'address';

const PUT: Readonly<Record<Place, (value: HtmlValue) => string>> = { content, attribute, address };

/** Where the reading of a template stands; `name` and `start` are those of the attribute that it stands in. */
interface State {
  in: 'content' | 'tag' | 'attribute';
  name: string;
  start: string;
}

const CONTENT: State = { in: 'content', name: '', start: '' };
const TAG: State = { in: 'tag', name: '', start: '' };

const known = new WeakMap<TemplateStringsArray, readonly Place[]>();

function placesOf(parts: TemplateStringsArray): readonly Place[] {
  const found = known.get(parts);
  if (found) return found;
  let state = CONTENT;
  const places: Place[] = [];
  for (const part of parts.slice(0, -1)) {
    state = after(state, part);
    places.push(placeOf(state, part));
  }
  if (after(state, parts.at(-1) ?? '').in !== 'content')
    throw new ImpossibleError('a template ends in a tag');
  known.set(parts, places);
  return places;
}

function placeOf(state: State, part: string): Place {
  if (state.in === 'content') return 'content';
  if (state.in === 'tag') throw new ImpossibleError(`a value inside a tag, after ${part.slice(-40)}`);
  const isAddress = /^(href|src|action|formaction|poster|data|ping|cite|srcset|xlink:href)$/.test(state.name);
  if (isAddress && state.start === '') return 'address';
  if (/^(on.*|style|srcdoc)$/.test(state.name) || (isAddress && !/^([#?]|\/\w)/.test(state.start)))
    throw new ImpossibleError(`a value in the attribute ${state.name}`);
  return 'attribute';
}

/** Reads on through the fixed text of a template. Attributes stand in double quotes; there is no script, style or comment. */
function after(from: State, part: string): State {
  let state = from;
  let read = '';
  for (const one of part) {
    if (state.in === 'attribute') {
      state = one === '"' ? TAG : { ...state, start: state.start + one };
      read = '';
    } else if (state.in === 'content') {
      if (one === '<') state = TAG;
      read = '';
    } else {
      if (/^(script|style|!--)/i.test(read) || one === "'")
        throw new ImpossibleError(`a template with ${read}${one}`);
      if (one === '>') state = CONTENT;
      const name = /([^\s="]+)=$/.exec(read)?.[1]?.toLowerCase();
      if (one === '"') {
        if (name === undefined) throw new ImpossibleError(`a quote in a tag after ${read}`);
        state = { in: 'attribute', name, start: '' };
      }
      read += one;
    }
  }
  return state;
}
