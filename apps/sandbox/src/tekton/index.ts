export { type AdmissionRequest, type Denial, tektonAdmission } from './admission.ts';
export { SCENARIOS, type Scenario } from './scenarios.ts';
export { startScriptedTekton, type ScriptedTekton, type ScriptedTektonOptions } from './scripted-tekton.ts';
