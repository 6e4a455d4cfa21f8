import { runSeed } from './run-seed.ts';
const [from = '1', count = '1', show] = process.argv.slice(2);
const started = performance.now();
let bad = 0;
for (let seed = Number(from); seed < Number(from) + Number(count); seed += 1) {
  const result = await runSeed(seed);
  if (result.violations.length > 0) {
    bad += 1;
    process.stdout.write(`seed ${seed}: ${result.violations.map((v) => `${v.invariant}: ${v.message.slice(0, 300)}`).join('\n   ')}\n`);
  }
  if (show) process.stdout.write(`${result.trace}\n${result.events} events\n`);
}
process.stdout.write(`${bad} bad of ${count}, ${((performance.now() - started) / Number(count)).toFixed(1)} ms each\n`);
