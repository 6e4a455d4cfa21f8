/** A valid `events.k8s.io/v1` Event, in so far as `change` leaves it one. */
export const anEvent = (change: object = {}): object => ({
  apiVersion: 'events.k8s.io/v1',
  kind: 'Event',
  metadata: { name: 'e' },
  eventTime: '2026-01-01T00:00:00.000000Z',
  reportingController: 'wfe',
  reportingInstance: 'wfe-0',
  action: 'Run',
  reason: 'RunCreated',
  type: 'Normal',
  note: 'it runs',
  regarding: { kind: 'WorkflowExecution', namespace: 'b', name: 'a', uid: 'u-1' },
  ...change,
});
