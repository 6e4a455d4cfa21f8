import { APPLY, MERGE, applyAs, patch, post, probe, probes } from './steps.ts';
import type { Conversation } from './steps.ts';

export const APPLIES: readonly Conversation[] = [
  {
    name: 'server-side apply: create, own, conflict, force, let go',
    steps: [
      patch(
        `${probes('d11')}/p?fieldManager=one`,
        APPLY,
        probe('p', { text: 'a', count: 1, items: [{ key: 'x', value: '1' }] }),
      ),
      patch(`${probes('d11')}/p?fieldManager=two`, APPLY, probe('p', { text: 'b' })),
      patch(`${probes('d11')}/p?fieldManager=two`, APPLY, probe('p', { items: [{ key: 'y', value: '2' }] })),
      patch(
        `${probes('d11')}/p?fieldManager=two`,
        APPLY,
        probe('p', {
          items: [
            { key: 'x', value: '9' },
            { key: 'y', value: '2' },
          ],
        }),
      ),
      patch(
        `${probes('d11')}/p?fieldManager=two&force=true`,
        APPLY,
        probe('p', { text: 'b', items: [{ key: 'y', value: '2' }] }),
      ),
      patch(`${probes('d11')}/p?fieldManager=one`, APPLY, probe('p', { count: 1 })),
      patch(`${probes('d11')}/p?fieldManager=one`, APPLY, probe('p', { count: 1 })),
      patch(`${probes('d11')}/p`, APPLY, probe('p', {})),
      patch(`${probes('d11')}/p?fieldManager=one`, APPLY, {
        ...probe('p'),
        metadata: { name: 'p', managedFields: [] },
      }),
      patch(`${probes('d11')}/p?fieldManager=one`, APPLY, probe('q')),
    ],
  },
  {
    name: 'server-side apply meets plain updates',
    steps: [
      post(`${probes('d12')}?fieldManager=creator`, probe('p', { text: 'a', map: { k: 'v' } })),
      patch(`${probes('d12')}/p?fieldManager=one`, APPLY, probe('p', { text: 'b' })),
      patch(`${probes('d12')}/p?fieldManager=one`, APPLY, probe('p', { text: 'a', set: ['s'] })),
      patch(`${probes('d12')}/p?fieldManager=editor`, MERGE, { spec: { text: 'c', map: { k2: 'v2' } } }),
      patch(`${probes('d12')}/p?fieldManager=one`, APPLY, probe('p', { text: 'a', set: ['s', 't'] })),
      patch(`${probes('d12')}/p/status?fieldManager=one`, APPLY, {
        apiVersion: 'probe.example.com/v1',
        kind: 'Probe',
        metadata: { name: 'p' },
        status: { state: 'Up' },
      }),
      patch(`${probes('d12')}/p?fieldManager=editor`, MERGE, {
        metadata: { labels: { l: '1' } },
        spec: { map: null, set: ['t', 'u'] },
      }),
    ],
  },
  {
    name: 'server-side apply lets go of what is nested, labelled or wished no more',
    steps: [
      applyAs('one', 'd20', {
        ...probe('p', { map: { a: '1', b: '2' }, either: { a: 'x' } }),
        metadata: { name: 'p', labels: { l: '1' }, annotations: { n: '2' } },
      }),
      applyAs('two', 'd20', { ...probe('p', { map: { c: '3' } }), metadata: { name: 'p', labels: { m: '1' } } }),
      applyAs('one', 'd20', probe('p', { map: { a: '1' } })),
      applyAs('one', 'd20', probe('p', { map: {} })),
      applyAs('one', 'd20', probe('p', {})),
      applyAs('two', 'd20', probe('p', {})),
      applyAs('one', 'd20', probe('p', { items: [{ key: 'x', value: '1' }, { key: 'y' }] })),
      patch(`${probes('d20')}/p?fieldManager=editor`, MERGE, {
        spec: { items: [{ key: 'x', value: '2' }, { key: 'y' }] },
      }),
      applyAs('one', 'd20', probe('p', { items: [{ key: 'z' }] })),
      applyAs('three', 'd20', probe('p', { text: 'mine', min: 1, max: 2 })),
      applyAs('four', 'd20', probe('p', { text: 'other', min: 2, max: 2 })),
      patch(
        `${probes('d20')}/p?fieldManager=one`,
        APPLY,
        'apiVersion: probe.example.com/v1\nkind: Probe\nmetadata:\n  name: p\nspec:\n  count: 7\n',
      ),
      patch(`${probes('d20')}/p?fieldManager=one`, APPLY, {
        ...probe('p', { count: 8 }),
        metadata: { name: 'p', resourceVersion: '1' },
      }),
      patch(`${probes('d20')}/p?force=true`, MERGE, {}),
      patch(`${probes('d20')}/q/status?fieldManager=one`, APPLY, probe('q', {})),
      patch(`${probes('d20')}/p?fieldManager=clear`, MERGE, { metadata: { managedFields: [{}] } }),
      patch(`${probes('d20')}/p?fieldManager=after`, MERGE, { spec: { count: 9 } }),
    ],
  },
];
