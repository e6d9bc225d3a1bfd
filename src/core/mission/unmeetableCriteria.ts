// Criteria that no tool of a worker or a qc can meet: they need a person, the network, production, or are no statement
// that could be checked. Word lists, so only what is said plainly is found. Pure.

interface Need {
  readonly pattern: RegExp;
  readonly text: string;
  /** Can be met where commands may reach the network. */
  readonly withNetwork?: boolean;
}

const PEOPLE = "(?:users?|customers?|clients?|stakeholders?|product owners?|managers?|management|team|humans?|persons?|people|designers?|legal|reviewers?)";

const PRAISE = "(?:good|great|fine|ok|okay|well|nice|clean|perfect|of high quality|high quality|done|complete|correct|correctly|as expected|properly)";

const NEEDS: readonly Need[] = [
  // Imperatives alone: "the CLI asks the user for a name" is about the product.
  { pattern: new RegExp(`^\\W*(?:\\[[ x]?\\] ?)?(?:ask|consult|interview|survey|call|phone|meet with|contact|e-?mail|talk to) (?:the |a |an |all |our |with the )?${PEOPLE}\\b`, "i"), text: "needs somebody to be asked, and agents cannot ask" },
  { pattern: new RegExp(`\\b(?:signed off|sign-off|signoff|approval|approved in writing) (?:is given |is obtained )?(?:by|from|of) (?:the |a |an |all |our )?${PEOPLE}\\W*$`, "i"), text: "needs a person's approval, which comes after all checks" },
  { pattern: new RegExp(`\\b${PEOPLE} (?:is|are|feels?) (?:happy|satisfied|pleased|comfortable|convinced)\\b`, "i"), text: "is about what people think, which no check can tell" },
  { pattern: /\bmanual(?:ly)? (?:test|tested|testing|verif\w+|review(?:ed)?|check(?:ed)?|inspect\w+)\b/i, text: "is verified by hand, and nobody is there to do it" },
  { pattern: /\b(?:deploy(?:ed|s|ing)?|released?|published?|rolled out|shipped) (?:\w+ ){0,3}?(?:to|on|in|into) (?:the )?(?:production|prod|staging|live|app store|play store|marketplace|npm|pypi|maven central|registry|cluster|cloud|aws|azure|gcp)\b/i, text: "needs a deployment, which a worker's checkout has no way to" },
  { pattern: /\b(?:browse|search|google|look up|research|scrape|crawl)\w* (?:the |on the |from the )?(?:web|internet|online)\b|\bweb[ _]search\b/i, text: "needs the web, and no tool reaches it" },
  { pattern: /\b(?:curl|wget|fetch(?:es|ed)?|download(?:s|ed)?|requests?|pings?)\b[^.]{0,40}\bhttps?:\/\/(?!localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0)/i, text: "needs the network, which is off for checks", withNetwork: true },
  { pattern: /\b(?:git push|push(?:ed|es)? (?:\w+ ){0,2}?to (?:the )?(?:remote|origin|github|gitlab|main|master))\b|\b(?:open|create|merge)[sd]? (?:a |the )?(?:pull|merge) request\b/i, text: "needs a remote repository: passed work is merged here by the host" },
  { pattern: new RegExp(`^\\W*(?:\\d+ (?:pts|points)\\W+)?(?:(?:the )?(?:code|work|result|output|quality|everything|all|it|implementation)(?: (?:is|are|works?|looks?|should be|should work))?(?: ${PRAISE})?|${PRAISE})\\W*$`, "i"), text: "states nothing that a check could tell" },
];

/** One text for each criterion that cannot be met, naming it. */
export function unmeetableBy(criteria: readonly string[], network: boolean): readonly string[] {
  return criteria.flatMap((criterion) => {
    const need = NEEDS.find(({ pattern, withNetwork }) => !(network && withNetwork === true) && isAskedFor(criterion.slice(0, LONGEST), pattern));
    return need === undefined ? [] : [`The criterion "${shown(criterion)}" ${need.text}.`];
  });
}

/** What is longer is no criterion that a word list could judge. */
const LONGEST = 500;
/** "Works without manual testing" asks for nothing. */
const DENIED = /\b(?:no|not|without|never|nothing|none|instead of|rather than|avoids?)\b[^.]{0,25}$/i;

function isAskedFor(criterion: string, pattern: RegExp): boolean {
  const match = pattern.exec(criterion);
  return match !== null && !DENIED.test(criterion.slice(0, match.index));
}

export function shown(criterion: string): string {
  const line = criterion.replace(/\s+/g, " ").trim();
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
