import { eventStoreContract } from '../contract.ts';
import { sqliteUnderTest } from './under-test.ts';

eventStoreContract('sqlite', sqliteUnderTest);
