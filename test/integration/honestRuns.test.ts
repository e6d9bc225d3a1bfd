// Honest work that looks like a cheat: nothing of it raises a false alarm.
import { HONEST_RUNS } from "../builders/honestRuns";
import { describeHonestRuns } from "../builders/cheatSuite";

for (const [what, runs] of Object.entries(HONEST_RUNS)) describeHonestRuns(`an honest run with its own ${what}`, runs);
