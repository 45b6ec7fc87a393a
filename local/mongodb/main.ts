/** Says which MongoDB server tests and demo take, and fetches it the first time. */
import { findMongod } from './mongod-binary';

const { path, version } = findMongod();
console.log(`${path} (${version})`);
