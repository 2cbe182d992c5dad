import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ImpossibleError } from '../../src/kernel/index.ts';
import { html, htmlText, local } from '../../src/rendering/html.ts';
import { bounded, oddLetters, visible } from '../../src/rendering/text.ts';
import { seededRandom } from '../random.ts';

describe('the html tag', () => {
  test('escapes text, passes HTML of its own, joins lists and leaves nothing out but nothing', () => {
    const inner = html`<b>${'<&>"\''}</b>`;
    const whole = html`<p class="${'a"b'}">${inner}${[1, 'x', inner]}${null}${false}${''}</p>`;
    expect(htmlText(inner)).toBe('<b>&lt;&amp;&gt;&quot;&#39;</b>');
    expect(htmlText(whole)).toBe(`<p class="a&quot;b">${htmlText(inner)}1x${htmlText(inner)}</p>`);
  });

  test('an object that looks like HTML is none', () => {
    const fake = { text: '<script>' } as unknown as string;
    expect(() => htmlText(html`<p>${fake}</p>`)).toThrow();
  });

  test.each([
    ['unquoted', () => html`<p class=${'x'}></p>`],
    ['in single quotes', () => html`<p class='${'x'}'></p>`],
    ['the name of a tag', () => html`<${'x'}>`],
    ['the name of an attribute', () => html`<p ${'x'}="y">`],
    ['a handler', () => html`<p onclick="${'x'}"></p>`],
    ['a style', () => html`<p style="${'x'}"></p>`],
    ['the beginning of an address', () => html`<a href="${'javascript:x'}"></a>`],
    ['the host of an address', () => html`<a href="/${'/evil'}"></a>`],
    ['a script', () => html`<script>${'x'}</script>`],
    ['a style sheet', () => html`<style>${'x'}</style>`],
    ['a comment', () => html`<!--${'x'}-->`],
    ['a template that ends in a tag', () => html`<p>${'x'}<p`],
    ['HTML in an attribute', () => html`<p title="${html`<b></b>` as unknown as string}"></p>`],
  ])('no value stands in a place that escaping does not make safe: %s', (_, template) => {
    expect(template).toThrow(ImpossibleError);
  });

  test('a value may stand within an address', () => {
    expect(htmlText(html`<a href="#file-${1}"></a><a href="/v1/documents/${'a&b'}"></a>`)).toBe(
      '<a href="#file-1"></a><a href="/v1/documents/a&amp;b"></a>',
    );
  });

  test('a whole address is one of ours, or there is no page', () => {
    expect(htmlText(html`<a href="${local('/console?q="a"')}">${local('/b')}</a>`)).toBe(
      '<a href="/console?q=&quot;a&quot;">/b</a>',
    );
    for (const other of ['//evil', '/\\evil', 'javascript:x', 'https://evil', '', 'x', '/a\n', ' /a'])
      expect(() => local(other)).toThrow(ImpossibleError);
    const fake = { path: '//evil' } as unknown as ReturnType<typeof local>;
    expect(() => html`<a href="${fake}"></a>`).toThrow(ImpossibleError);
  });

  test('whatever is put in adds no tag, quote, control or direction character', () => {
    const { seed } = seededRandom();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        const text = htmlText(html`<p title="${a}">${b}</p>`);
        const inner = /^<p title="([^"<>]*)">([^<>]*)<\/p>$/u.exec(text);
        expect(inner).not.toBeNull();
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
      { seed },
    );
  });
});

describe('text from outside', () => {
  test('controls, overrides, joiners, line breaks and lone surrogates become visible', () => {
    for (const one of [
      '\0',
      '\x1b',
      '\n',
      '\u202e',
      '\u2066',
      '\u200d',
      '\u2028',
      '\ufeff',
      '\u{e0041}',
      '\ud800',
    ])
      expect(visible(`a${one}b`)).toBe('a\ufffdb');
  });

  test('Vietnamese and other scripts stay as they are', () => {
    for (const text of ['Ủy ban nhân dân xã Đăk Plô', 'Ủy'.normalize('NFD'), 'عقد', '文書', '😀'])
      expect(visible(text)).toBe(text);
  });

  test('is cut after a number of characters, never within one', () => {
    expect(bounded('ab', 2)).toBe('ab');
    expect(bounded('abc', 2)).toBe('ab…');
    expect(bounded('😀😀😀', 2)).toBe('😀😀…');
    expect(bounded('x'.repeat(10_000_000), 3)).toBe('xxx…');
  });

  test('cannot cover its neighbours with marks', () => {
    expect(visible(`a${'\u0323'.repeat(100_000)}b`)).toBe(`a${'\u0323'.repeat(4)}\ufffdb`);
  });
});

describe('letters that no Vietnamese name has', () => {
  test.each(['Nguyễn Văn Thử', 'ĐẶNG ƯƠNG ẲNH', 'Jean Fitzgerald Wolf', 'Y Thịnh Niê (2)', ''])(
    '%j has none',
    (name) => {
      for (const form of [name, name.normalize('NFD')]) expect(oddLetters(form)).toBe('');
    },
  );

  test.each([
    ['Nguyễn Văn Аn', '“А” U+0410'],
    ['Ðặng Ɖức', '“Ð” U+00D0, “Ɖ” U+0189'],
    ['Ａn', '“Ａ” U+FF21'],
    ['𝐀n', '“𝐀” U+1D400'],
    ['абвгдежз'.repeat(10_000), '“а” U+0430, “б” U+0431, “в” U+0432, “г” U+0433, “д” U+0434'],
  ])('%# are named', (name, told) => expect(oddLetters(name)).toBe(told));
});
