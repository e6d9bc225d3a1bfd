// Attempts that would pass if green checks were believed, before an evaluator who is fooled.
import { GENERATOR_CHEATS } from "../builders/cheatsOfGenerators";
import { describeCheats } from "../builders/cheatSuite";

for (const [what, cheats] of Object.entries(GENERATOR_CHEATS)) describeCheats(`a generator that cheats with its ${what}`, cheats);
