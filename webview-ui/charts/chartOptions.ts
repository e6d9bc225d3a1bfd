// How the two charts look: bars for days, a line with points for scores.
import uPlot from "uplot";
import type { ChartData } from "./chartData";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A colour of the theme, as the editor has put it on the page. */
function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--vscode-${name}`).trim() || "currentColor";
}

function font(): string {
  return `11px ${getComputedStyle(document.body).fontFamily}`;
}

function axis(change: uPlot.Axis): uPlot.Axis {
  return { font: font(), stroke: colour("descriptionForeground"), ticks: { show: false }, gap: 4, ...change };
}

function grid(): uPlot.Axis.Grid {
  return { stroke: colour("charts-lines"), width: 1, dash: [2, 3] };
}

const FRAME: Pick<uPlot.Options, "legend" | "cursor"> = { legend: { show: false }, cursor: { show: false } };

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

export function barsOptions({ ys }: ChartData, size: Size): uPlot.Options {
  const most = Math.max(0.01, ...ys.map((usd) => usd ?? 0));
  return {
    ...size,
    ...FRAME,
    padding: [6, 14, 0, 0],
    scales: { x: { time: false, range: (_plot, min, max) => [min - HALF_DAY, max + HALF_DAY] }, y: { range: [0, most * 1.05] } },
    axes: [
      axis({ size: 18, grid: { show: false }, splits: (plot) => everyNth(plot.data[0] ?? [], 7), values: (_plot, splits) => splits.map(dayOf) }),
      axis({ size: 44, space: 24, grid: grid(), splits: () => [0, most / 2, most], values: (_plot, splits) => splits.map(money) }),
    ],
    series: [{}, { fill: colour("charts-blue"), stroke: colour("charts-blue"), width: 0, points: { show: false }, ...barPaths() }],
  };
}

function dayOf(seconds: number): string {
  return DAY.format(seconds * 1000);
}

const HALF_DAY = 12 * 60 * 60;

function barPaths(): Pick<uPlot.Series, "paths"> {
  const paths = uPlot.paths.bars?.({ size: [0.68, 18], radius: 0.15 });
  return paths === undefined ? {} : { paths };
}

/** From the last one back. */
function everyNth(values: ArrayLike<number>, n: number): number[] {
  return Array.from(values).filter((_, index) => (values.length - 1 - index) % n === 0);
}

function money(usd: number): string {
  return `$${usd >= 10 || usd === 0 ? Math.round(usd) : usd.toFixed(2)}`;
}

export function lineOptions({ mark }: ChartData, size: Size): uPlot.Options {
  const line = colour("charts-blue");
  return {
    ...size,
    ...FRAME,
    padding: [8, 14, 0, 0],
    scales: { x: { time: false, range: (_plot, min, max) => [min - 0.25, Math.max(max, min + 1) + 0.25] }, y: { range: [0, 100] } },
    axes: [
      axis({ size: 18, grid: { show: false }, splits: (plot) => Array.from(plot.data[0] ?? []), values: (_plot, splits) => splits.map(String) }),
      axis({ size: 30, grid: grid(), splits: () => [0, 50, 100] }),
    ],
    series: [{}, { stroke: line, width: 1.5, points: { show: true, size: 7, fill: line, stroke: line } }],
    hooks: mark === null ? {} : { drawAxes: [(plot) => drawMark(plot, mark)] },
  };
}

/** The score that passes. */
function drawMark(plot: uPlot, mark: number): void {
  const { ctx, bbox } = plot;
  const y = Math.round(plot.valToPos(mark, "y", true));
  ctx.save();
  ctx.strokeStyle = colour("charts-green");
  ctx.setLineDash([4, 4]);
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}
