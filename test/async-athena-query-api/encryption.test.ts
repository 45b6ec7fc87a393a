import { FACTS } from './facts';
import { testEncryption } from '../support/construct-kit/encryption';

testEncryption(FACTS);
