import { FACTS } from './facts';
import { testPartitions } from '../support/construct-kit/partitions';

testPartitions(FACTS);
