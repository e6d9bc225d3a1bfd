// Runs processes of tests side by side, as many as the machine carries, and adds up what they count.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { ROOT } from './bundles.mjs';

/** A server, its extension host and the browser's page, at the worst. */
const BYTES_A_JOB = 2 * 2 ** 30;
const MOST_JOBS = 3;

/**
 * Counts of each job, in their order. A job has a `name`, a `command` for Node.js, an `env`, and a `countsFile` that its
 * process writes; one that ends without it counts as a failure. One that has `counts` is over already.
 */
export async function runJobs(jobs) {
  const results = [];
  let next = 0;
  const work = async () => {
    while (next < jobs.length) {
      const index = next++;
      results[index] = await counted(jobs[index], jobs.length === 1);
    }
  };
  const workers = Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / BYTES_A_JOB), MOST_JOBS));
  await Promise.all(Array.from({ length: workers }, work));
  return results;
}

async function counted({ name, command, env, countsFile, counts }, isAlone) {
  if (counts !== undefined) return counts;
  const stream = isAlone ? 'inherit' : 'pipe';
  const child = spawn(process.execPath, command, { cwd: ROOT, stdio: ['ignore', stream, stream], env });
  // Side by side they would talk at the same time: each says everything when it is over.
  const said = [];
  for (const output of [child.stdout, child.stderr]) output?.on('data', (chunk) => said.push(chunk));
  await new Promise((resolve) => child.once('close', resolve));
  process.stdout.write(Buffer.concat(said));
  if (existsSync(countsFile)) return JSON.parse(readFileSync(countsFile, 'utf8'));
  console.error(`test: ${name} ended before it could report`);
  return { passed: 0, failed: 1, skipped: 0 };
}
