/** How much of a run is observed. What goes beyond is cut, never refused: an oversized run still has an end. */
export const LIMITS = {
  tasks: 256,
  stepsPerTask: 64,
  results: 128,
  skippedTasks: 256,
  /** UTF-8 bytes of an observation as JSON, so that an event made of one stays under 256 KiB. */
  snapshotBytes: 163_840,
} as const;
