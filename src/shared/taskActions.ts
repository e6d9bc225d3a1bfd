// What a person can do with a task, by name: the same in trees, commands and the dashboard.

/** In the order in which they are offered. `answer`: say whether a command may run. `choose`: put an earlier attempt that passed into review. `review` and `compare` only look; every other one changes something. */
export const TASK_ACTIONS = [
  "answer",
  "run",
  "resume",
  "approve",
  "cancel",
  "review",
  "accept",
  "choose",
  "retry",
  "compare",
  "undo",
  "commit",
  "done",
  "move",
  "reorder",
  "discard",
] as const;

/** `retry`: another round of attempts with what the user has to say, from review or from wherever the task has stopped. */
/** `retry`: another round of attempts with what the user has to say, from review or from wherever the task has stopped. */
export type TaskAction = (typeof TASK_ACTIONS)[number];
