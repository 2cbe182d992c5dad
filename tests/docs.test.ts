import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

function markdownFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return ['node_modules', '.runtime', '.git', 'data', 'coverage'].includes(entry.name)
        ? []
        : markdownFiles(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

const pages = markdownFiles(ROOT);

describe('the documentation', () => {
  test('every relative link leads to a file', () => {
    const broken = pages.flatMap((page) => {
      const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(
        (match) => match[1] as string,
      );
      return links
        .filter((link) => !existsSync(join(dirname(page), link)))
        .map((link) => `${relative(ROOT, page)}: ${link}`);
    });
    expect(broken).toEqual([]);
  });

  test('every source file named in the life of a document exists, and the conductor is among them', () => {
    const text = readFileSync(join(ROOT, 'docs', 'life-of-a-document.md'), 'utf8');
    const named = [...text.matchAll(/`(src\/[\w./-]+\.ts)`/g)].map((match) => match[1] as string);
    expect(named).toContain('src/exchange/journey.ts');
    expect(named.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  test('every room of src is in the map of the README', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const rooms = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(rooms.map((room) => room.name).filter((room) => !readme.includes(`\`${room}\``))).toEqual([]);
  });

  test('texts name no machine paths', () => {
    const naming = pages.filter((page) => /\/(home|root|work|Users)\/\w/.test(readFileSync(page, 'utf8')));
    expect(naming.map((page) => relative(ROOT, page))).toEqual([]);
  });
});
