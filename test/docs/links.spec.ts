import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { packageRoot } from '../../apps/sandbox/src/package-root.ts';

/** Folders that hold nobody's pages. */
const LEFT_OUT = new Set(['node_modules', 'dist', 'data']);

function pagesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || LEFT_OUT.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return pagesIn(path);
    return entry.isFile() && entry.name.endsWith('.md') ? [path] : [];
  });
}

const PAGES = pagesIn(packageRoot);
/** What stands in code is no link, and no heading. */
const textOf = (page: string): string =>
  readFileSync(page, 'utf8')
    .replace(/^```[\s\S]*?^```$/gm, '')
    .replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()]/g, ''));

/** Targets of links, without those of the web. */
const linksOf = (page: string): readonly string[] =>
  [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

/** Headings as anchors: lower case, blanks as dashes, nothing but letters, digits and dashes. */
const anchorsOf = (page: string): readonly string[] =>
  [...textOf(page).matchAll(/^#{1,6} +(.*)$/gm)].map(([, heading = '']) =>
    heading
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- _]/gu, '')
      .replace(/ /g, '-'),
  );

function leadsTo(page: string, link: string): { readonly file: string; readonly anchor: string } {
  const [path = '', anchor = ''] = link.split('#');
  return { file: path === '' ? page : join(dirname(page), decodeURIComponent(path)), anchor };
}

function isBroken(page: string, link: string): boolean {
  const { file, anchor } = leadsTo(page, link);
  if (!existsSync(file)) return true;
  return anchor !== '' && file.endsWith('.md') && !anchorsOf(file).includes(anchor);
}

test.each(PAGES.map((page) => relative(packageRoot, page)))('every link of %s leads somewhere', (name) => {
  const page = join(packageRoot, name);
  expect(linksOf(page).filter((link) => isBroken(page, link))).toEqual([]);
});

test('every page of docs can be reached from README.md', () => {
  const found = new Set([join(packageRoot, 'README.md')]);
  for (const page of found)
    for (const link of linksOf(page)) {
      const { file } = leadsTo(page, link);
      for (const each of PAGES) if (each === file || dirname(each) === file) found.add(each);
    }
  const docs = PAGES.filter((page) => page.startsWith(join(packageRoot, 'docs/')));
  expect(docs.filter((page) => !found.has(page)).map((page) => relative(packageRoot, page))).toEqual([]);
});
