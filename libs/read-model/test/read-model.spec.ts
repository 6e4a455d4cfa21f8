import { openSqliteReadModel } from '#read-model';
import { readModelContract } from './contract.ts';
import { ArrayReadModel } from './support/array-read-model.ts';

readModelContract('SQLite', () => openSqliteReadModel({ file: ':memory:' }));
readModelContract('arrays', async () => new ArrayReadModel());
