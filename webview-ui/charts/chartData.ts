// What a chart shows. Types only: the page knows them before the script that draws is there.

export interface ChartData {
  readonly kind: "days" | "scores";
  /** Seconds since 1970 for days, numbers of attempts for scores. */
  readonly xs: readonly number[];
  readonly ys: readonly (number | null)[];
  /** A line across, such as the score that passes. */
  readonly mark: number | null;
  /** Pixels. */
  readonly height: number;
}

export interface DrawnChart {
  update(data: ChartData): void;
  dispose(): void;
}
