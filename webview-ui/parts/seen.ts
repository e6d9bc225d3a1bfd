// When the page has been seen. The editor shows a document once it has loaded, so whatever is fetched or made before
// that keeps it hidden: what the first sight can do without waits for this.

/** Resolves after the first frame that could be seen. */
export function whenSeen(): Promise<void> {
  return new Promise((resolve) => {
    const nextFrame = (): void => {
      requestAnimationFrame(() => setTimeout(resolve));
    };
    if (document.readyState === "complete") nextFrame();
    else window.addEventListener("load", nextFrame, { once: true });
  });
}

/** Calls back once with when the page first painted something, in milliseconds since it began to load. */
export function onFirstPaint(callback: (ms: number) => void): void {
  const observer = new PerformanceObserver((list) => {
    const painted = list.getEntriesByName("first-contentful-paint")[0];
    if (painted === undefined) return;
    observer.disconnect();
    callback(painted.startTime);
  });
  observer.observe({ type: "paint", buffered: true });
}
