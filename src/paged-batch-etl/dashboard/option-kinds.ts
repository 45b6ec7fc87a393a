import { RunDashboardOptions } from './dashboard-options';
import { duration, number, optional, OptionKinds, text } from '../../private/synth/option-kinds';

export const RUN_DASHBOARD_KINDS: OptionKinds<RunDashboardOptions> = {
  dashboardName: optional(text), defaultInterval: optional(duration), transitionPrice: optional(number), gigabyteSecondPrice: optional(number),
};
