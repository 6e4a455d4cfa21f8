/**
 * Makes the recordings the scripted Tekton plays from captures of a real one:
 *
 *   node apps/sandbox/recordings/make.mjs <folder with captures>
 *
 * What a capture says about statuses, reasons, messages, steps and results is taken over as it is. Only what belongs
 * to one particular run becomes a token: names as {run}, {taskRun}, {namespace}, times as @<milliseconds> since the
 * task run was created. README.md beside this file says what is in a recording.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [captures] = process.argv.slice(2);
if (!captures) throw new Error('expected the folder with the captures as the only argument');

const SCENARIOS = [
  'bundle-bad-sa',
  'bundle-no-such-tag',
  'bundle-raw-layer',
  'cancelfinally-after-failure',
  'cancelled-run-finally',
  'fail-exit1',
  'fail-exit1-bundle',
  'fail-oom',
  'image-pull',
  'ok-bundle-tag',
  'param-missing',
  'pod-deleted',
  'quota',
  'retries-ok',
  'stopped-run-finally',
  'timeout-task',
  'v1.9-config-error',
  'v1.9-fail-evicted',
];
const FILES = readdirSync(captures);
const read = (file) => JSON.parse(readFileSync(join(captures, file), 'utf8'));
const sameJson = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function recordingOf(scenario) {
  const run = read(`${scenario}.pr.final.json`);
  const { description, events } = read(`${scenario}.timeline.json`);
  const ofRun = events.filter((event) => event.kind === 'PipelineRun' && event.name === run.metadata.name);
  const firstTask = events.find((event) => event.kind === 'TaskRun');
  const ended = ofRun.find((event) => event.status === 'False' || event.status === 'True');
  const resolving = ofRun.find((event) => event.reason === 'ResolvingPipelineRef');
  return {
    scenario,
    description,
    /** Milliseconds from the run's creation to its first status, and to the first task run or the end without one. */
    ...(resolving && { resolvingMs: resolving.ms, resolvedMs: (firstTask ?? ended).ms }),
    ...(!firstTask && { outcome: outcomeOf(run) }),
    ...(run.status.pipelineSpec && { pipelineSpec: withDefaults(run) }),
    ...(run.status.provenance && { provenance: run.status.provenance }),
    tasks: tasksOf(scenario, run, events),
  };
}

/** The end of a run that never came to a task. */
function outcomeOf(run) {
  const [{ reason, message }] = run.status.conditions;
  const tokens = message
    .replaceAll(`${run.metadata.namespace}/${run.metadata.name}`, '{namespace}/{run}')
    .replaceAll(`"${run.metadata.namespace}/bundles-`, '"{namespace}/bundles-')
    .replace(/GET http:\S+\/manifests\/\S+: /, 'GET {manifestUrl}: ')
    .replace(/map\[Tag:[^\]]*\]/, 'map[Tag:{tag}]');
  return { reason, message: tokens };
}

/** Parameters the recorded run gave become defaults: whoever plays it need not know them. */
function withDefaults(run) {
  const { pipelineSpec } = run.status;
  if (!pipelineSpec.params) return pipelineSpec;
  const given = new Map((run.spec.params ?? []).map(({ name, value }) => [name, value]));
  const params = pipelineSpec.params.map((param) =>
    given.has(param.name) && param.default === undefined ? { ...param, default: given.get(param.name) } : param,
  );
  return { ...pipelineSpec, params };
}

function tasksOf(scenario, run, events) {
  const files = FILES.filter((file) => file.startsWith(`${scenario}.tr-`) && file.endsWith('.final.json'));
  const tasks = Object.fromEntries(
    files.map((file) => {
      const taskRun = read(file);
      const task = taskRun.metadata.labels['tekton.dev/pipelineTask'];
      const running = FILES.includes(file.replace('.final.', '.running.')) ? read(file.replace('.final.', '.running.')) : taskRun;
      return [task, taskOf(taskRun, running, events)];
    }),
  );
  // A task that the recorded run never reached behaves like a recorded one with the same steps.
  const { tasks: dag = [], finally: last = [] } = run.status.pipelineSpec ?? {};
  const stepNames = (steps) => steps.map((step) => step.name);
  for (const { name, taskSpec } of [...dag, ...last]) {
    const like = Object.values(tasks).find(({ spec }) => sameJson(stepNames(spec.taskSpec.steps), stepNames(taskSpec.steps)));
    if (!tasks[name] && like) tasks[name] = { ...like, spec: { ...like.spec, taskSpec: { ...like.spec.taskSpec, steps: taskSpec.steps } } };
  }
  return tasks;
}

function taskOf(taskRun, running, events) {
  const own = events.filter((event) => event.kind === 'TaskRun' && event.name === taskRun.metadata.name);
  const created = own.find((event) => event.type === 'ADDED').ms;
  const cancelled = own.findIndex((event) => event['spec.status'] !== undefined);
  const played = (cancelled === -1 ? own : own.slice(0, cancelled)).filter((event) => event.status !== undefined);
  /** Milliseconds at which each recorded (whole-second) time was first seen, by step, field and time. */
  const seen = new Map();
  const frames = played.map((event) => {
    const isLast = event.status === taskRun.status.conditions[0].status && event.reason === taskRun.status.conditions[0].reason;
    const status = isLast && event.status !== 'Unknown' ? taskRun.status : statusOf(event, taskRun, running);
    return { ms: event.ms - created, status: tokenised(status, { seen, ms: event.ms - created, name: taskRun.metadata.name }) };
  });
  const { status: _status, statusMessage: _message, serviceAccountName: _account, ...spec } = taskRun.spec;
  return { spec, frames: distinct(withTransitions(withKnownEnd(frames, taskRun))) };
}

/** The capture of a lost pod stops while the new one runs; this one succeeded (as such a task run did, by the same facts). */
const CUT_SHORT = new Set(['pod-deleted-work']);
const REST_MS = 1000;

function withKnownEnd(frames, { metadata: { name } }) {
  if (!CUT_SHORT.has(name)) return frames;
  const { ms, status } = frames.at(-1);
  const finishedAt = `@${ms + REST_MS}`;
  const condition = { type: 'Succeeded', status: 'True', reason: 'Succeeded', message: 'All Steps have completed executing' };
  const steps = status.steps.map(({ running, ...step }) => ({
    ...step,
    terminated: { exitCode: 0, finishedAt, reason: 'Completed', startedAt: running.startedAt },
    terminationReason: 'Completed',
  }));
  return [...frames, { ms: ms + REST_MS, status: { ...status, completionTime: finishedAt, conditions: [condition], steps } }];
}

function statusOf(event, taskRun, running) {
  const { status, reason, message } = event;
  return {
    conditions: [{ type: 'Succeeded', status, reason, message, lastTransitionTime: '' }],
    podName: event.podName ?? '',
    ...(event.startTime && { startTime: event.startTime }),
    ...(event.completionTime && { completionTime: event.completionTime }),
    ...(event.retries && { retriesStatus: taskRun.status.retriesStatus.slice(0, event.retries) }),
    steps: Object.entries(event.steps ?? {}).map(([name, fields]) => stepOf(name, fields, running)),
    taskSpec: taskRun.status.taskSpec,
  };
}

function stepOf(name, { terminationReason, ...fields }, running) {
  if (Object.keys(fields).length === 0) return { name, provenance: {} };
  const { imageID } = running.status.steps.find((step) => step.name === name);
  const hasStarted = fields.startedAt !== undefined;
  const state = fields.exitCode !== undefined ? 'terminated' : hasStarted ? 'running' : 'waiting';
  return {
    container: `step-${name}`,
    ...(hasStarted && imageID && { imageID }),
    name,
    provenance: {},
    [state]: fields,
    ...(terminationReason && { terminationReason }),
  };
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

function tokenised(value, frame, step = '', key = '') {
  if (Array.isArray(value)) return value.map((each) => tokenised(each, frame, step));
  if (typeof value === 'object' && value !== null) {
    const within = typeof value.container === 'string' ? value.name : step;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, tokenised(part, frame, within, name)]));
  }
  if (typeof value !== 'string') return value;
  return TIME.test(value) ? `@${firstSeen(`${step} ${key} ${value}`, frame)}` : value.replaceAll(frame.name, '{taskRun}');
}

function firstSeen(time, { seen, ms }) {
  if (!seen.has(time)) seen.set(time, ms);
  return seen.get(time);
}

/** Tekton moves a condition's transition time only when the condition's status changes. */
function withTransitions(frames) {
  let last;
  for (const { ms, status } of frames) {
    const [condition] = status.conditions;
    condition.lastTransitionTime = last?.status === condition.status ? last.lastTransitionTime : `@${ms}`;
    last = condition;
  }
  return frames;
}

const distinct = (frames) => frames.filter((frame, i) => i === 0 || !sameJson(frame.status, frames[i - 1].status));

for (const scenario of SCENARIOS) {
  const file = new URL(`./${scenario}.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(recordingOf(scenario), null, 1)}\n`);
}
