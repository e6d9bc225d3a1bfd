// Evaluators that lie, are misled or do not answer: what they pass does not pass.
import { EVALUATOR_CHEATS } from "../builders/cheatsOfEvaluators";
import { describeCheats } from "../builders/cheatSuite";

describeCheats("an evaluator that", EVALUATOR_CHEATS);
