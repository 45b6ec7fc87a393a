import { QueryDashboardOptions } from './dashboard-options';
import { duration, optional, OptionKinds, text } from '../../private/synth/option-kinds';

export const DASHBOARD_KINDS: OptionKinds<QueryDashboardOptions> = { dashboardName: optional(text), defaultInterval: optional(duration) };
