#!/usr/bin/env node
import { main } from '../src/cli.js';

// `tally primes 1000000 | head` closes the pipe early; that is not a failure.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await main(process.argv.slice(2), process);
