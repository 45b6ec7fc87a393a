import { CallContext } from '../../aws/service';
import { JsonObject } from '../../json';
import { Access } from '../access';
import { Request } from '../api/request';
import { TaskIntegrations } from '../integrations/integrations';
import { TaskTokens } from '../interpreter/task-tokens';
import { StepFunctionsOptions } from '../options';

/** Operations of the API by name. */
export type Operations = Readonly<Record<string, (request: Request, context: CallContext) => Promise<JsonObject>>>;

/** What all operations work with. */
export interface Workplace {
  readonly options: StepFunctionsOptions;
  readonly access: Access;
  readonly integrations: TaskIntegrations;
  readonly tokens: TaskTokens;
  readonly uuid: () => string;
}
