export { type AdmissionRequest, type Denial, tektonAdmission } from './admission.ts';
export type { Clock } from './clock.ts';
export { startGarbageCollector, type GarbageCollectorOptions } from './garbage-collector.ts';
export { SCENARIOS, type Scenario } from './scenarios.ts';
export { startScriptedTekton, type ScriptedTekton, type ScriptedTektonOptions } from './scripted-tekton.ts';
