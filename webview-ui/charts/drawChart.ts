// Draws a small chart on a canvas in the theme's colours, and anew when theme, size or data change. Loaded lazily:
// imports nothing of the page.
import uPlot from "uplot";
import type { ChartData, DrawnChart } from "./chartData";
import { barsOptions, lineOptions } from "./chartOptions";

export function drawChart(element: HTMLElement, first: ChartData): DrawnChart {
  let data = first;
  let plot = make(element, data);
  const remake = (): void => {
    plot.destroy();
    plot = make(element, data);
  };
  const fit = (): void => {
    if (element.clientWidth > 0 && element.clientWidth !== plot.width) plot.setSize({ width: element.clientWidth, height: data.height });
  };
  // A frame later: the plot's own size must not change while sizes are looked at.
  const resized = new ResizeObserver(() => requestAnimationFrame(fit));
  resized.observe(element);
  // The editor tells of another theme by another class of the body.
  const themed = new MutationObserver(remake);
  themed.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
  return {
    update(next) {
      data = next;
      remake();
    },
    dispose() {
      resized.disconnect();
      themed.disconnect();
      plot.destroy();
    },
  };
}

function make(element: HTMLElement, data: ChartData): uPlot {
  const size = { width: Math.max(element.clientWidth, 60), height: data.height };
  const options = data.kind === "days" ? barsOptions(data, size) : lineOptions(data, size);
  return new uPlot(options, [[...data.xs], [...data.ys]], element);
}
