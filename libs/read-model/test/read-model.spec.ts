import { openSqliteReadModel } from '#read-model';
import { readModelContract } from './contract.ts';
import { logIndexContract } from './log-index-contract.ts';
import { ArrayReadModel } from './support/array-read-model.ts';
import { comparePositions as compare } from './support/entries.ts';

const sqlite = () => openSqliteReadModel({ file: ':memory:', compare });
const arrays = async () => new ArrayReadModel(compare);

readModelContract('SQLite', sqlite);
readModelContract('arrays', arrays);
logIndexContract('SQLite', sqlite);
logIndexContract('arrays', arrays);
