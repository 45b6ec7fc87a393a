/** Rights that are checked when resources are made. There is no need of a server for that. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { withAssembly } from './deployed-etl';
import { JobsStack } from './jobs-stack';
import { PolicyDocument } from '../../../local/aws/service';
import { LocalCloud } from '../../../local/cloud';
import { RunContinuation, ItemProcessor } from '../../../src';
import { removals } from '../permission-removal';

const LOG_DELIVERY = [
  'logs:CreateLogDelivery', 'logs:DeleteLogDelivery', 'logs:DescribeLogGroups', 'logs:DescribeResourcePolicies', 'logs:GetLogDelivery',
  'logs:ListLogDeliveries', 'logs:PutResourcePolicy', 'logs:UpdateLogDelivery',
];
const MANAGED_RULE = ['events:DescribeRule', 'events:PutRule', 'events:PutTargets'];
const NETWORKING = ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces'];

/** Without any of these there is no deployment. */
const AT_DEPLOYMENT = [...LOG_DELIVERY, ...MANAGED_RULE, ...NETWORKING];

/** Of a shared VPC: it belongs to another account. */
const SHARED_SUBNET = 'subnet-0shared';

/** Permissions of a source in a VPC that nothing on the local cloud needs, and what they are for on AWS. */
const NOT_OBSERVABLE: Readonly<Record<string, string>> = {
  'ec2:AssignPrivateIpAddresses': 'addresses of an interface that functions share; the local cloud has no network',
  'ec2:DescribeSubnets': 'free addresses in a subnet',
  'ec2:UnassignPrivateIpAddresses': 'addresses of an interface that functions share',
};

/** As much of a template as is looked at: of resources that are policies. */
interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: { readonly PolicyDocument: PolicyDocument } }>>;
}

interface Manifest {
  readonly artifacts: { readonly Stack: { readonly properties: { stackName: string } } };
}

describe('the rights that a deployment checks', () => {
  let cloud: LocalCloud;
  let stacks = 0;
  beforeAll(async () => {
    cloud = await LocalCloud.start({ networkOwners: { [SHARED_SUBNET]: '444455556666' } });
  });
  afterEach(() => expect(cloud.faults).toEqual([]));
  afterAll(async () => cloud.close());

  /** Deploys the template without each of its permissions of that kind; answers which these were, and of which policy. */
  async function deployWithout(actions: readonly string[], define: (stack: JobsStack) => void): Promise<string[]> {
    return withAssembly(define, async (outdir) => {
      const [templateFile, manifestFile] = [join(outdir, 'Stack.template.json'), join(outdir, 'manifest.json')];
      const template: Template = JSON.parse(readFileSync(templateFile, 'utf8'));
      const manifest: Manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
      const deploy = async (changed: Template) => {
        // A failed deployment leaves what it has made.
        manifest.artifacts.Stack.properties.stackName = `Stack${stacks++}`;
        writeFileSync(manifestFile, JSON.stringify(manifest));
        writeFileSync(templateFile, JSON.stringify(changed));
        return cloud.deploy(outdir);
      };
      await expect(deploy(template)).resolves.toBeDefined();
      const removed = changedTemplates(template).filter(({ action }) => actions.includes(action));
      for (const { changed } of removed) await expect(deploy(changed)).rejects.toThrow(/not authorized|does not have permissions/);
      return removed.map(({ id, action }) => `${id.replace(/RoleDefaultPolicy\w+$/, '')} ${action}`);
    });
  }

  const everyOne = (policies: readonly string[], actions: readonly string[]) => policies.flatMap((policy) => actions.map((action) => `${policy} ${action}`)).sort();

  test('are all needed by the machines that log and run segments', async () => {
    const removed = await deployWithout(AT_DEPLOYMENT, (stack) => void stack.etl('Jobs'));
    expect(removed.sort()).toEqual(everyOne(['JobsSegment', 'JobsWorkflow'], LOG_DELIVERY).concat(everyOne(['JobsWorkflow'], MANAGED_RULE)).sort());
  });

  test('are all needed by a machine that restarts itself and runs the machine of a user', async () => {
    const removed = await deployWithout(AT_DEPLOYMENT, (stack) => void stack.etl('Jobs', {
      processor: ItemProcessor.stateMachine({ stateMachine: stack.relayMachine('Child') }),
      continuation: RunContinuation.selfRestart(),
    }));
    expect(removed.sort()).toEqual(everyOne(['JobsWorkflow'], [...LOG_DELIVERY, ...MANAGED_RULE]));
  });

  test('are all needed by a source function in a VPC, partly shared, but for those that the local cloud cannot show', async () => {
    // Once for subnets of this account, once for those of another.
    const observable = ['ec2:CreateNetworkInterface', ...NETWORKING];
    const ofFunctions = [...observable, ...Object.keys(NOT_OBSERVABLE)];
    const define = (stack: JobsStack) => {
      const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0, restrictDefaultSecurityGroup: false });
      stack.etl('Jobs', { source: stack.source({ vpc, vpcSubnets: { subnets: [...vpc.isolatedSubnets, Subnet.fromSubnetId(stack, 'Shared', SHARED_SUBNET)] } }) });
    };
    expect((await deployWithout(NETWORKING, define)).sort()).toEqual(everyOne(['JobsSource'], observable));
    const all = await withAssembly(define, async (outdir) => changedTemplates(JSON.parse(readFileSync(join(outdir, 'Stack.template.json'), 'utf8'))));
    expect(all.map(({ action }) => action).filter((action) => action.startsWith('ec2:')).sort()).toEqual(ofFunctions.sort());
  });

  test('take no room of their own in the policy by which the whole account lets services deliver logs', async () => {
    const fresh = await LocalCloud.start();
    try {
      await withAssembly((stack) => void stack.etl('Jobs'), async (outdir) => fresh.deploy(outdir));
      const { Statement: [{ Resource }] } = JSON.parse(fresh.logDelivery.document ?? '');
      expect(Resource).toEqual([expect.stringMatching(/:log-group:\/aws\/vendedlogs\/\*:log-stream:\*$/)]);
    } finally {
      await fresh.close();
    }
  });
});

/** The template without each of the permissions of the construct, one at a time. */
function changedTemplates(template: Template): { readonly id: string; readonly action: string; readonly changed: Template }[] {
  const policies = Object.entries(template.Resources).filter(([id, { Type }]) => Type === 'AWS::IAM::Policy' && id.startsWith('Jobs'));
  return policies.flatMap(([id, resource]) => removals(resource.Properties.PolicyDocument).map(({ action, without }) => {
    const policy = { ...resource, Properties: { ...resource.Properties, PolicyDocument: without } };
    return { id, action, changed: { ...template, Resources: { ...template.Resources, [id]: policy } } };
  }));
}
