import { FACTS } from './facts';
import { testInstances } from '../support/construct-kit/instances';
import { testStatefulIds } from '../support/construct-kit/stateful-ids';

testStatefulIds(FACTS);

describe('several instances', () => testInstances(FACTS));
