import { FACTS } from './facts';
import { testFeatureFlags } from '../support/construct-kit/feature-flags';

testFeatureFlags(FACTS);
