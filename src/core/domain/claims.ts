// Finds in a self-evaluation what a machine can look up: files that are said to be changed, commands that are said to
// be green, tests that are said to pass, quotes. Pure, and modest: a sentence that may mean something else is no claim.
import { sentencesOf } from "./sentences";
import type { SelfEvaluation } from "./handoff";

export type Claim =
  /** This file is part of the change. */
  | { readonly kind: "changed"; readonly path: string }
  /** This file is there to be taken. */
  | { readonly kind: "delivered"; readonly path: string }
  | { readonly kind: "green"; readonly command: string }
  | { readonly kind: "ran"; readonly command: string }
  | { readonly kind: "allTestsPass"; readonly words: string }
  | { readonly kind: "allChecksGreen"; readonly words: string }
  /** `paths`: files named in the same sentence. */
  | { readonly kind: "quoted"; readonly quote: string; readonly paths: readonly string[] };

export function claimsIn(evaluation: SelfEvaluation): readonly Claim[] {
  const texts = [evaluation.summary, ...evaluation.evidence.map(({ claim }) => claim)];
  const said = texts.flatMap(sentencesOf).filter((sentence) => sentence.length <= LONGEST_SENTENCE && !IS_NO_CLAIM.test(sentence)).flatMap(claimsOf);
  const delivered = evaluation.deliverables.map(pathOfDeliverable).filter((path) => path !== null);
  const all = [...said, ...delivered.map((path): Claim => ({ kind: "delivered", path }))];
  const keys = all.map((claim) => JSON.stringify(claim));
  return all.filter((_, at) => keys.indexOf(keys[at] ?? "") === at);
}

/** Characters. What is longer was not written for a reader. */
const LONGEST_SENTENCE = 800;

/** Plans, doubts, conditions, and what is denied. */
const IS_NO_CLAIM = /\b(?:not|never|no longer|cannot|can't|couldn't|didn't|doesn't|don't|isn't|aren't|won't|wasn't|unless|without|should|would|could|might|may|if|once|todo|expected?|fail(?:s|ed|ing)?|red|broken?|before)\b/i;

const PATH = String.raw`[\w@.-]*(?:\/[\w@.()[\]-]+)*\.[A-Za-z]\w{0,7}(?![\w/])`;
const LIST = String.raw`[\`"']?${PATH}[\`"']?(?:(?:, | and |, and )[\`"']?${PATH}[\`"']?)*`;
/** A few words between the verb and the file, none of which points at another file as a model or a reason. */
const BETWEEN = String.raw`(?:(?!as\b|like\b|from\b|following\b|per\b|after\b|than\b|by\b|with\b|where\b|see\b|using\b|via\b|because\b|which\b|that\b|for\b|of\b|so\b|and\b|against\b)[\w\x60'-]+ ){0,5}?`;
const CHANGED = new RegExp(String.raw`\b(?:added|created|wrote|changed|modified|updated|edited|extended|rewrote|deleted|removed|refactored|implemented|documented|fixed) ${BETWEEN}(${LIST})`, "gi");

const GREEN = /\b(?:pass(?:es|ed|ing)?|green|succeed(?:s|ed)?|successful(?:ly)?|exit(?:s|ed)?(?: with)?(?: code)? 0|no (?:errors?|warnings?|failures?|problems?)|clean(?:ly)?)\b/i;
const RAN = /\b(?:ran|run|executed|verified (?:with|by)|checked with|tested with)\b/i;
const PROGRAM = /^(?:npm|npx|pnpm|yarn|bun|bunx|node|deno|tsc|eslint|oxlint|biome|prettier|jest|vitest|mocha|python[\d.]*|pytest|ruff|mypy|uv|poetry|go|gofmt|cargo|rustc|make|cmake|ctest|mvn|gradle|\.\/gradlew|dotnet|swift|ruby|rspec|rake|bundle|php|composer|phpunit|bash|sh|shellcheck|git|docker|terraform|\.\/[\w./-]+|bin\/[\w./-]+)(?: |$)/;

const ALL_TESTS = /\b(?:all|every)(?: of)?(?: the| our| existing| new| other| unit| integration| \d+| and)*? tests? (?:pass|passes|passed|are green|is green|succeed|succeeds)\b|\b(?:whole|full|entire|complete|existing) (?:test )?suite (?:still )?(?:passes|passed|is green|succeeds)\b/i;
const ALL_CHECKS = /\b(?:all|every)(?: of)?(?: the| contract's| contract| \d+)*? checks? (?:pass|passes|passed|are green|is green|hold|holds|succeed|succeeds)\b/i;
const QUOTES = /\b(?:says?|reads?|prints?|printed|contains?|shows?|outputs?|holds?)\b/i;

function claimsOf(sentence: string): readonly Claim[] {
  const changed = [...sentence.matchAll(CHANGED)].flatMap(([, list = ""]) => pathsIn(list)).map((path): Claim => ({ kind: "changed", path }));
  const commands = [...sentence.matchAll(/`([^`\n]{2,300})`/g)].map(([, text = ""]) => text.trim().replace(/^\$ /, "")).filter((text) => PROGRAM.test(text));
  const kind = GREEN.test(sentence) ? "green" : RAN.test(sentence) ? "ran" : null;
  return [
    ...changed,
    ...(kind === null ? [] : commands.map((command): Claim => ({ kind, command }))),
    ...found(ALL_TESTS, sentence).map((words): Claim => ({ kind: "allTestsPass", words })),
    ...found(ALL_CHECKS, sentence).map((words): Claim => ({ kind: "allChecksGreen", words })),
    ...quotesIn(sentence),
  ];
}

function found(pattern: RegExp, sentence: string): readonly string[] {
  const words = pattern.exec(sentence)?.[0];
  return words === undefined ? [] : [words];
}

/** Long enough that it can be nothing but a quote, and with a file that it is from. */
function quotesIn(sentence: string): readonly Claim[] {
  const paths = pathsIn(sentence);
  if (paths.length === 0 || !QUOTES.test(sentence)) return [];
  return [...sentence.matchAll(/"([^"\n]{12,400})"|“([^”\n]{12,400})”/g)].map(([, plain, curly]): Claim => ({ kind: "quoted", quote: plain ?? curly ?? "", paths }));
}

function pathsIn(text: string): readonly string[] {
  const found = [...text.matchAll(new RegExp(PATH, "g"))].map(([path]) => path.replace(/^\.\//, ""));
  // "e.g.", "Node.js", "v1.2" and hosts are no files of a repository.
  return found.filter((path) => path.includes("/") || /\.(?:[cm]?[jt]sx?|py|go|rs|rb|java|kt|c|h|cc|cpp|hpp|cs|php|sh|sql|md|json|ya?ml|toml|txt|csv|html|css|vue|svelte)$/i.test(path)).filter((path) => !/^(?:node|next|vue|express|react|three|d3|deno|nuxt)\.js$/i.test(path) && !path.includes("//"));
}

function pathOfDeliverable(text: string): string | null {
  const [first = ""] = /^[`"']?[^\s`"']+/.exec(text.trim()) ?? [];
  const path = first.replace(/^[`"']/, "").replace(/[,:;]$/, "");
  return pathsIn(path).includes(path.replace(/^\.\//, "")) ? path.replace(/^\.\//, "") : null;
}
