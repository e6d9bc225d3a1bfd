// Attempts that pretend that tests have run, before an evaluator who is fooled.
import { COUNTING_CHEATS } from "../builders/cheatsOfCounting";
import { describeCheats } from "../builders/cheatSuite";

for (const [what, cheats] of Object.entries(COUNTING_CHEATS)) describeCheats(`a generator that cheats with ${what}`, cheats);
