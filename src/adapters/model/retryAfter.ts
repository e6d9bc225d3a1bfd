// When a server says a request may come again, by its response headers. Pure.

/** Milliseconds from `now` (since 1970); null when the server does not say. */
export function retryAfterMs(headers: Headers, now: number): number | null {
  return (
    milliseconds(headers.get("retry-after-ms")) ??
    secondsOrDate(headers.get("retry-after"), now) ??
    limitReset(headers, now)
  );
}

function milliseconds(value: string | null): number | null {
  const ms = Number.parseFloat(value ?? "");
  return Number.isFinite(ms) && ms >= 0 ? Math.ceil(ms) : null;
}

function secondsOrDate(value: string | null, now: number): number | null {
  if (value === null) return null;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Math.ceil(Number(value) * 1000);
  return until(value, now);
}

function until(date: string, now: number): number | null {
  const time = Date.parse(date);
  return Number.isNaN(time) ? null : Math.max(0, time - now);
}

/** `anthropic-ratelimit-<kind>-remaining` and `-reset`: the used-up limit that is back last decides. */
function limitReset(headers: Headers, now: number): number | null {
  const waits = [...headers].flatMap(([name, value]) => {
    const kind = /^anthropic-ratelimit-(.+)-reset$/.exec(name)?.[1];
    if (kind === undefined || headers.get(`anthropic-ratelimit-${kind}-remaining`)?.trim() !== "0") return [];
    return until(value, now) ?? [];
  });
  return waits.length === 0 ? null : Math.max(...waits);
}
