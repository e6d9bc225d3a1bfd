// A contract for code that went through without a sealed check, after the negotiator was sent back for one: whoever
// reads the report must know that the generator has seen every test.
import { isSealed } from "../../domain/sealed";
import type { Inspector } from "../inspected";

const TEXT = "No check of the contract is sealed: the generator has seen all that it is tested by, and answers made for these tests alone would not be noticed.";

export const findUnsealed: Inspector = ({ run, contract }) => {
  const isWanted = run.deps.settings.sealedChecks && run.recorder.view.request.profile === "code";
  const isMissing = isWanted && !contract.checks.some(isSealed);
  return Promise.resolve(isMissing ? [{ kind: "notCovered", weight: "note", check: null, path: null, text: TEXT }] : []);
};
