// A chart, drawn by a script that is loaded after the page has been seen. What it shows is said in words, too.
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useStore } from "../parts/context";
import { whenSeen } from "../parts/seen";
import type { ChartData, DrawnChart } from "./chartData";

interface ChartProps extends ChartData {
  /** All of it in a sentence, for those who do not see it. */
  readonly label: string;
}

export function Chart({ label, ...data }: ChartProps): JSX.Element {
  const store = useStore();
  const element = useRef<HTMLDivElement | null>(null);
  const drawn = useRef<DrawnChart | null>(null);
  const latest = useRef<ChartData>(data);
  latest.current = data;
  useEffect(() => {
    let isGone = false;
    whenSeen()
      .then(() => import("./drawChart"))
      .then(({ drawChart }) => {
        if (!isGone && element.current !== null) drawn.current = drawChart(element.current, latest.current);
      })
      .catch((error: unknown) => store.failed(`A chart could not be drawn: ${String(error)}`));
    return () => {
      isGone = true;
      drawn.current?.dispose();
      drawn.current = null;
    };
  }, []);
  useEffect(() => drawn.current?.update(data), [JSON.stringify(data)]);
  return <div ref={element} class="chart" role="img" aria-label={label} style={{ height: `${data.height}px` }} />;
}
