// Contracts that would be met by anything: they are refused, or the work that pretends to meet them is found out.
import { NEGOTIATOR_CHEATS } from "../builders/cheatsOfNegotiators";
import { describeCheats } from "../builders/cheatSuite";

describeCheats("a contract that", NEGOTIATOR_CHEATS);
