import { FACTS } from './facts';
import { testTracing } from '../support/construct-kit/tracing';

testTracing(FACTS);
