// What the user asks for after looking at the work, as roles are told it: whole, and before all other feedback.
import { itemsOfEach, type RequestItem, type ReviewComment } from "../domain/review";
import type { UserRequests } from "../projections/openRequests";
import type { RoundView } from "../projections/reviewView";
import { joinSections, quoted, section } from "./role";

/** Empty without a request. `advice`: what the role is to do with the open ones. */
export function requestsText({ settled, open }: UserRequests, advice: string): string {
  const items = itemsOfEach(open.map((round) => round.request));
  const done = settled.map((round) => {
    const texts = itemsOfEach([round.request]).flat().map((item) => itemText(item, ""));
    return section(titleOf(round, "asked for"), joinSections(["Done in a later attempt; it stays so unless later words change it.", ...texts]));
  });
  const asked = open.map((round, index) => {
    const texts = (items[index] ?? []).map((item) => itemText(item, `${item.id}: `));
    return section(titleOf(round, "asks for"), joinSections([index === 0 ? `These are the user's own words. ${advice}` : "", ...texts]));
  });
  return joinSections([...done, ...asked]);
}

function titleOf({ afterAttempt }: RoundView, verb: string): string {
  return afterAttempt === 0 ? `What the user ${verb} besides` : `What the user ${verb} after attempt ${afterAttempt}`;
}

function itemText({ text, comment }: RequestItem, name: string): string {
  if (comment === null) return `${name}${text}`;
  const place = `${comment.path}, ${linesOf(comment)} of ${comment.side === "base" ? "the base" : `attempt ${comment.attempt}`}`;
  return joinSections([`${name}${place}:`, comment.quote.trim() === "" ? "" : quoted("commented_code", place, comment.quote), text]);
}

function linesOf({ line, endLine }: ReviewComment): string {
  return endLine > line ? `lines ${line}–${endLine}` : `line ${line}`;
}
