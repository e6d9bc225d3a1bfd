// Contracts that ask too little or allow too much, and attempts that look where they must not, before an evaluator who is fooled.
import { CONTRACT_CHEATS } from "../builders/cheatsOfContracts";
import { describeCheats } from "../builders/cheatSuite";

for (const [what, cheats] of Object.entries(CONTRACT_CHEATS)) describeCheats(`a task that cheats with ${what}`, cheats);
