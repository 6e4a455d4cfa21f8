/** What drivers and scheduler ask; each is answered from the partial index made for it. */
export const LOOKUPS = {
  get: 'SELECT * FROM executions WHERE id = ?',
  /** An id that is not there (any more) is before all others. */
  open: `SELECT id FROM executions WHERE is_open = 1
    AND place > coalesce((SELECT place FROM executions WHERE id = ?), 0) ORDER BY place LIMIT ?`,
  holding: `SELECT id FROM executions WHERE lock IN ('Held', 'Releasing') AND run_namespace = ? AND run_name = ?
    ORDER BY place LIMIT ?`,
  withResource: `SELECT id, namespace, name FROM executions WHERE has_resource = 1
    AND place > coalesce((SELECT place FROM executions WHERE id = ?), 0) ORDER BY place LIMIT ?`,
  cooledDown: `SELECT id FROM executions WHERE lock = 'Held' AND lock_until IS NOT NULL AND lock_until <= ?
    ORDER BY lock_until, place LIMIT ?`,
  nextCooldownEnd: `SELECT lock_until FROM executions WHERE lock = 'Held' AND lock_until IS NOT NULL
    ORDER BY lock_until LIMIT 1`,
  waitingFor: `SELECT id FROM executions WHERE is_queued = 1 AND run_namespace = ? AND run_name = ?
    ORDER BY place LIMIT ?`,
  expired: `SELECT id FROM executions WHERE is_open = 0 AND has_resource = 1 AND finished_at IS NOT NULL
    AND finished_at <= ? ORDER BY finished_at, place LIMIT ?`,
  oldestEnd: `SELECT finished_at FROM executions WHERE is_open = 0 AND has_resource = 1 AND finished_at IS NOT NULL
    ORDER BY finished_at LIMIT 1`,
  archivable: `SELECT id FROM executions WHERE is_open = 0 AND has_resource = 0 AND archive IS NULL
    AND updated_at <= ? ORDER BY updated_at, place LIMIT ?`,
} as const;
