/** A promise that was broken: which one, what it says, and what was found. */
export interface Violation {
  readonly invariant: Invariant;
  readonly message: string;
}

/** The promises, by name. */
export const INVARIANTS = {
  'one run started': 'at most one PipelineRun of an execution is ever started',
  'one run created': 'an execution creates a second PipelineRun only when a late create or somebody else was at work',
  'no act without event': 'every write of the service is demanded by an earlier event',
  'nothing left at release': 'a lock counts as given back only when no task run of its run is left',
  'one run at work': 'task runs of two runs never work on one target at the same time',
  'no borrowed task runs': 'a run never counts task runs of another run as its own',
  'one terminal event': 'an execution has exactly one terminal event',
  chain: 'revisions are contiguous, hashes are right',
  'one holder': 'the log gives the lock of a target to one execution at a time',
  status:
    'a written status is statusOf of a prefix of the log, never of an older one than before, and in the end of all of it',
  truth: 'the recorded outcome is what became of the run',
  'nothing lost': 'what was acknowledged is in the log',
  seals: 'every seal of the log is right and follows the one before, and every head shown outside is one of them',
  archives: 'what was let go of is in the file its execution names, and what is left folds to the same state',
  'told in order': 'whoever is told events by a webhook has been told all earlier ones of the execution before',
  'told all':
    'a webhook leaves no event out, whatever happens, and a replay brings all again but what it said is archived',
  'read model': 'the read model is what a rebuild from the log gives',
  secrets: 'a sensitive value is in the resource and in its run, unchanged, and nowhere else',
  converged: 'once the faults stop, nothing remains to be done',
  'at rest': 'once everything is done, nothing happens any more',
} as const;

export type Invariant = keyof typeof INVARIANTS;
