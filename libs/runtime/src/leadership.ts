/** While it lasts, this replica is the one that acts. The term of libs/kubernetes' LeaderElection is one. */
export interface LeadershipTerm {
  /** Aborts when the term is over. */
  readonly signal: AbortSignal;
  /** Asked right before each write to the cluster: false as soon as somebody else may be leading. */
  mayAct(): boolean;
}

/** Decides which of several replicas over one store acts. */
export interface Leadership {
  /**
   * Calls `lead` for each term of this replica and waits for it to return, until the signal aborts. Never throws.
   */
  run(signal: AbortSignal, lead: (term: LeadershipTerm) => Promise<void>): Promise<void>;
}

/** For a store that only one process can open: whoever has it leads. */
export const alone: Leadership = {
  run: (signal, lead) => (signal.aborted ? Promise.resolve() : lead({ signal, mayAct: () => !signal.aborted })),
};
