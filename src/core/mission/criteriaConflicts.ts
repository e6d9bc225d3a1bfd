// Criteria of one task that cannot all hold: a file that shall and shall not be there, no new dependency and a new one,
// a lower bound above an upper one, nothing changed and something changed. Word lists: only what is said plainly is
// found. Pure.
import { shown } from "./unmeetableCriteria";

interface Claim {
  /** What it is about; claims about different things never contradict each other. */
  readonly about: string;
  readonly holds: boolean;
}

interface Bound {
  readonly about: string;
  readonly least: number;
  readonly most: number;
}

export function contradictionsIn(criteria: readonly string[]): readonly string[] {
  const read = criteria.map((criterion) => ({ criterion, claims: claimsOf(criterion), bounds: boundsOf(criterion) }));
  return read.flatMap((one, at) =>
    read.slice(at + 1).flatMap((other) => {
      const isFact = one.claims.some((a) => other.claims.some((b) => a.about === b.about && a.holds !== b.holds));
      const isRange = one.bounds.some((a) => other.bounds.some((b) => a.about === b.about && (a.least > b.most || b.least > a.most)));
      return isFact || isRange ? [`The criteria "${shown(one.criterion)}" and "${shown(other.criterion)}" contradict each other.`] : [];
    }),
  );
}

const PATH = /`([^`\n]{1,200})`|"([^"\n]{1,200})"|((?:[\w.-]+\/)*[\w-]+\.[A-Za-z]\w{0,7})/g;
const ABSENT = /\b(?:not|no longer|never|does ?n['’]t|must ?n['’]t|isn['’]t) (?:be |to |longer )?(?:there|exists?|present|created|contained|added|kept)\b|\b(?:is|are|be|been|was) (?:removed|deleted|gone|absent|missing)\b|\bno (?:file|folder) (?:named |called )?(?=[`"\w])/i;
const PRESENT = /\b(?:exists?|is there|is present|is created|are created|is added|remains|is kept|still there)\b/i;
const UNCHANGED = /\b(?:unchanged|untouched|not (?:be )?(?:changed|modified|touched|edited)|no changes? to|is not changed|stays? as)\b/i;
const CHANGED = /\b(?:is|are|be|been|was) (?:changed|modified|updated|edited|rewritten|extended|refactored|removed|deleted)\b|^\W*(?:update|change|modify|edit|rewrite|extend|refactor)s?\b/i;
const NO_DEPENDENCY = /\b(?:no|without(?: any)?|zero) (?:new |additional |added |extra |further |third-party |external )+(?:runtime )?(?:dependenc(?:y|ies)|packages?|librar(?:y|ies))\b|\bdependencies (?:are |stay |remain )?unchanged\b/i;
const NEW_DEPENDENCY = /\b(?:add(?:s|ed)?|install(?:s|ed)?|introduce[sd]?|use(?:s|d)? the)\b[^.]{0,60}\b(?:dependenc(?:y|ies)|packages?|librar(?:y|ies))\b|\b(?:is|are) (?:added|listed) (?:to|in|as)\b[^.]{0,40}\b(?:package\.json|dependenc(?:y|ies)|requirements\.txt|cargo\.toml|go\.mod|pyproject\.toml)|\bnpm (?:install|i) [a-z@]/i;

/** Clauses are read apart: "`a.ts` is removed and `b.ts` exists". */
function claimsOf(criterion: string): readonly Claim[] {
  return criterion.slice(0, 500).split(/[,;]|\. |\b(?:and|but|while|whereas)\b/i).flatMap(claimsOfClause);
}

function claimsOfClause(text: string): readonly Claim[] {
  const paths = [...text.matchAll(PATH)].map(([, code, quoted, bare]) => (code ?? quoted ?? bare ?? "").toLowerCase()).filter(isPath);
  const isAbsent = ABSENT.test(text);
  const isUnchanged = UNCHANGED.test(text);
  const refuses = NO_DEPENDENCY.test(text);
  return [
    ...(isAbsent || PRESENT.test(text) ? paths.map((path) => ({ about: `exists ${path}`, holds: !isAbsent })) : []),
    ...(isUnchanged || CHANGED.test(text) ? paths.map((path) => ({ about: `changes ${path}`, holds: !isUnchanged })) : []),
    ...(refuses || NEW_DEPENDENCY.test(text) ? [{ about: "new dependencies", holds: !refuses }] : []),
  ];
}

function isPath(text: string): boolean {
  return /^[\w./@-]+$/.test(text) && /[./]/.test(text) && !/^\d+(?:\.\d+)*$/.test(text) && !text.startsWith("http");
}

const NUMBER = "(\\d{1,12}(?:\\.\\d{1,6})?)";
const LEAST = new RegExp(`(?:at least|no fewer than|no less than|not less than|minimum(?: of)?|min\\.?|more than|greater than|above|over|≥|>=|>) ?${NUMBER}`, "i");
const MOST = new RegExp(`(?:at most|no more than|not more than|maximum(?: of)?|max\\.?|fewer than|less than|below|under|up to|≤|<=|<) ?${NUMBER}`, "i");
const EXACT = new RegExp(`(?:exactly|precisely|equals?|=) ?${NUMBER}`, "i");
const STRICT = /more than|greater than|above|over|fewer than|less than|below|under|[<>](?!=)/i;

/** A bound and the words around it: two bounds meet only where all the other words are the same. */
function boundsOf(criterion: string): readonly Bound[] {
  const text = criterion.slice(0, 500).toLowerCase();
  const found = [["least", LEAST.exec(text)], ["most", MOST.exec(text)], ["exact", EXACT.exec(text)]] as const;
  return found.flatMap(([kind, match]) => {
    const [whole = "", digits = ""] = match ?? [];
    if (match === null) return [];
    const value = Number(digits);
    const step = STRICT.test(whole.slice(0, -digits.length)) && !/no (?:more|fewer|less)|not (?:more|less)/.test(whole) ? Number.EPSILON * Math.max(1, value) : 0;
    const about = wordsOf(text.slice(0, match.index) + text.slice(match.index + whole.length));
    if (about === "") return [];
    return [{ about, least: kind === "most" ? -Infinity : value + step, most: kind === "least" ? Infinity : value - step }];
  });
}

const FILLER = new Set(["the", "a", "an", "has", "have", "is", "are", "be", "must", "should", "shall", "contains", "contain", "with", "of", "in", "there", "it"]);

function wordsOf(text: string): string {
  const words = text.match(/[\p{L}\p{N}_./%]+/gu) ?? [];
  return words.map((word) => word.replace(/[.]+$/, "")).filter((word) => word !== "" && !FILLER.has(word)).join(" ");
}
