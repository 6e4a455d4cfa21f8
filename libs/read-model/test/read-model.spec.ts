import { openSqliteReadModel } from '#read-model';
import { readModelContract } from './contract.ts';
import { logIndexContract } from './log-index-contract.ts';
import { ArrayReadModel } from './support/array-read-model.ts';
import { comparePositions } from './support/entries.ts';

readModelContract('SQLite', () => openSqliteReadModel({ file: ':memory:' }));
readModelContract('arrays', async () => new ArrayReadModel());
logIndexContract('arrays', async () => new ArrayReadModel(comparePositions));
