import { CallContext } from '../../local/aws/service';
import { LocalCloud } from '../../local/cloud';
import { CreatedStack, StackResource } from '../../local/template/stack';

/** A stack of the local cloud, and somebody who may look after it. */
export class DeployedStack {
  /** A caller who may do everything that resource policies do not deny. */
  readonly administrator: CallContext;

  constructor(protected readonly cloud: LocalCloud, readonly stack: CreatedStack) {
    this.administrator = { caller: cloud.users.createAdministrator('administrator') };
  }

  /** Physical id of the resource of this type whose logical id contains the name. */
  physicalId(type: string, name: string): string {
    return this.resource(type, name).ref;
  }

  /** The resource of this type whose logical id contains the name. */
  resource(type: string, name: string): StackResource {
    const found = [...this.stack.resources].filter(([id, resource]) => resource.type === type && id.includes(name));
    if (found.length !== 1) throw new Error(`The stack has ${found.length} resources of type ${type} named ${name}`);
    return found[0][1];
  }

  /** Goes on with a failed execution at the state that failed. */
  protected async redriveExecution(executionArn: string): Promise<void> {
    await this.cloud.stepFunctions.call('RedriveExecution', { executionArn }, this.administrator);
  }
}
