// A document of a review with its hunks and what was decided about them, as the journal says now.
import type { Uri } from "vscode";
import { hunksOf } from "../../core/domain/hunks";
import { CountersignError } from "../../core/domain/errors";
import type { Hunk, HunkId } from "../../core/domain/review";
import type { TaskDesk } from "../../core/desk/taskDesk";
import { decisionsOf } from "../../core/projections/hunkDecisions";
import { reviewedAttempt } from "../../core/projections/reviewedAttempt";
import type { AttemptView, TaskView } from "../../core/projections/taskView";
import type { Desks } from "../desks";
import { documentAt, type AttemptDocument } from "./attemptDocument";
import { ByteCache } from "./byteCache";

const CACHE_BYTES = 4 * 1024 * 1024;
/** About what a hunk takes in memory. */
const HUNK_BYTES = 200;

export type Decision = "accepted" | "rejected" | "undecided";

export interface ReviewedHunk {
  readonly hunk: Hunk;
  readonly decision: Decision;
}

export interface FileReview {
  readonly document: AttemptDocument & { readonly side: "base" | "attempt" };
  readonly desk: TaskDesk;
  readonly view: TaskView;
  /** Of the whole attempt, in the order of the file; none for a file without lines to tell apart. */
  readonly hunks: readonly ReviewedHunk[];
  /** Something can be decided here now. */
  readonly isOpen: boolean;
}

export class FileReviews {
  readonly #hunks = new ByteCache<readonly Hunk[]>(CACHE_BYTES, (hunks) => HUNK_BYTES * (1 + hunks.length));

  constructor(private readonly desks: Desks) {}

  /** null for what is no document of a review, or of one whose task is gone. */
  async at(uri: Uri): Promise<FileReview | null> {
    const document = documentAt(uri);
    if (document === undefined || !isReviewed(document)) return null;
    try {
      const { desk, view } = await this.desks.find(document);
      return await this.of(desk, view, document);
    } catch (error) {
      if (CountersignError.is(error, "notFound")) return null;
      throw error;
    }
  }

  private async of(desk: TaskDesk, view: TaskView, document: FileReview["document"]): Promise<FileReview> {
    const attempt = view.attempts.find((one) => one.attempt === document.attempt);
    const hunks = attempt === undefined ? [] : await this.#hunksOf(desk, view, attempt, document.path);
    return { document, desk, view, hunks: withDecisions(view, document, hunks), isOpen: isDecidable(desk, view, document.attempt) };
  }

  #hunksOf(desk: TaskDesk, { base }: TaskView, { commit, files }: AttemptView, path: string): Promise<readonly Hunk[]> {
    const change = files.find((file) => file.path === path);
    if (base === null || commit === null || change === undefined || change.added === null || change.status === "typeChanged") return Promise.resolve([]);
    return this.#hunks.get(`${base.commit}\0${commit}\0${path}`, async () => {
      try {
        const { from, to } = await desk.files.lines(base, base.commit, commit, path);
        return hunksOf(from, to);
      } catch (error) {
        // Only to be accepted as a whole: a link, another mode, another encoding.
        if (CountersignError.is(error, "notAllowed")) return [];
        throw error;
      }
    });
  }
}

/** Only the attempt in review has decisions: what was decided about others ended with the request for changes, or the choice. */
function withDecisions(view: TaskView, { path, attempt }: AttemptDocument, hunks: readonly Hunk[]): readonly ReviewedHunk[] {
  const { accepted, rejected } = decisionsOf(view, path, hunks);
  const decisionOf = (id: HunkId): Decision => {
    if (reviewedAttempt(view)?.attempt !== attempt) return "undecided";
    if (accepted.includes(id)) return "accepted";
    return rejected.includes(id) ? "rejected" : "undecided";
  };
  return hunks.map((hunk) => ({ hunk, decision: decisionOf(hunk.id) }));
}

/** Only the attempt in review can be decided about, by the process that may own the journal. */
export function isDecidable(desk: TaskDesk, view: TaskView, attempt: number): boolean {
  return view.status === "review" && reviewedAttempt(view)?.attempt === attempt && desk.ownership.kind !== "theirs";
}

export function idsOf(hunks: readonly ReviewedHunk[]): readonly HunkId[] {
  return hunks.map(({ hunk }) => hunk.id);
}

function isReviewed(document: AttemptDocument): document is FileReview["document"] {
  return document.side !== "reference";
}
