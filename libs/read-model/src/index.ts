export type { SqliteReadModelOptions } from './sqlite/open.ts';
export { openSqliteReadModel } from './sqlite/open.ts';
export { PAGE_LIMIT } from './page-limit.ts';
