// Keeps THIRD_PARTY.md true: the licences of every package that can end up in a bundle.
// `--write` rewrites the file; without it the script fails where the file is out of date.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');
const FILE = path.join(ROOT, 'THIRD_PARTY.md');
/** Compatible with shipping under MIT. Anything else needs a person's decision, recorded here. */
const ACCEPTED = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'BlueOak-1.0.0', 'Unlicense'];
/** By name: @vscode/codicons is an icon font (CC-BY-4.0 asks for credit, which THIRD_PARTY.md gives); its code is MIT. */
const ACCEPTED_BY_NAME = { '@vscode/codicons': 'CC-BY-4.0' };

/** The page as it should be, and what stands in the way of shipping. */
export function thirdParty() {
  const shipped = shippedPackages();
  const problems = shipped
    .filter((entry) => !ACCEPTED.includes(entry.licence) && ACCEPTED_BY_NAME[entry.name] !== entry.licence)
    .map((entry) => `${entry.name}: licence "${entry.licence}" is not in the accepted list`);
  const page = [
    '# Third-party licences',
    'Countersign ships code of these packages. Written by `npm run licences`; do not edit.',
    shipped.map((entry) => `- ${entry.name} ${entry.version}: ${entry.licence}`).join('\n'),
    ...shipped.map((entry) => `## ${entry.name} ${entry.version}\n\n\`\`\`\`text\n${entry.text}\n\`\`\`\``),
  ];
  return { page: `${page.join('\n\n')}\n`, problems };
}

/** In the lock file npm marks what only development needs; the rest is what `dependencies` bring. */
function shippedPackages() {
  const { packages } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([folder, entry]) => folder !== '' && !entry.dev && !entry.devOptional)
    .filter(([folder, entry]) => !entry.optional || existsSync(path.join(ROOT, folder)))
    .map(([folder]) => describe(path.join(ROOT, folder)))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function describe(folder) {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const licence = manifest.license ?? 'none given';
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|notice|copying)/i.test(name)).toSorted();
  const texts = files.map((name) => readFileSync(path.join(folder, name), 'utf8').replaceAll('\r', '').trim());
  const text = texts.join('\n\n') || `${licence}; the package carries no licence text. Author: ${authorOf(manifest)}`;
  return { name: manifest.name, version: manifest.version, licence, text };
}

function authorOf({ author, name }) {
  return (typeof author === 'string' ? author : author?.name) ?? `the authors of ${name}`;
}

if (path.resolve(process.argv[1]) === import.meta.filename) {
  const { page, problems } = thirdParty();
  if (process.argv.includes('--write')) writeFileSync(FILE, page);
  const current = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '';
  if (current !== page) problems.push('THIRD_PARTY.md is out of date: run `npm run licences`');
  for (const problem of problems) console.error(`licences: ${problem}`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
