import fc from 'fast-check';
import { AwsEnvironment } from '../../../local/aws/service';
import { JsonObject } from '../../../local/json';
import { ResourceTypes } from '../../../local/template/provisioner';
import { DeletionRefused, ResourceRequest } from '../../../local/template/resource';
import { createResources } from '../../../local/template/stack';
import { parseTemplate } from '../../../local/template/template';
import { UpdateFailed, UpdateOptions, updateResources } from '../../../local/template/update';
import { compareProperties } from '../../../local/template/update-behavior';
import { UPDATE_BEHAVIORS } from '../../../local/template/update-behaviors.generated';

const ENVIRONMENT: AwsEnvironment = { accountId: '111122223333', region: 'eu-central-1', partition: 'aws', urlSuffix: 'amazonaws.com' };

/** `Fixed` replaces, `Perhaps` may replace, `Inner.Fixed` too; a value of `A` that says so fails. */
const THING = { properties: ['A', 'Fixed', 'Inner', 'List', 'Name', 'Perhaps'], replaced: ['Fixed', 'Inner.Fixed', 'Name'], conditional: ['Perhaps'] };
const BEHAVIORS = { 'Test::Thing': THING, 'Test::Frozen': THING };

/** Things that are what they were last told to be, and what was done to them. */
class Things {
  readonly there = new Map<string, JsonObject>();
  readonly log: string[] = [];
  readonly refusing = new Set<string>();
  readonly types: ResourceTypes = {
    providers: { 'Test::Thing': (request) => this.create(request), 'Test::Frozen': (request) => this.create(request) },
    changes: {
      'Test::Thing': {
        update: (request) => {
          const { current: { ref } } = request;
          if (!this.there.has(ref)) throw new Error(`${ref} is gone`);
          this.log.push(`update ${ref}`);
          this.there.set(ref, read(request));
          return { ref };
        },
        remove: ({ current: { ref } }) => {
          if (this.refusing.has(ref)) throw new DeletionRefused(`${ref} is not empty`);
          this.log.push(`delete ${ref}`);
          this.there.delete(ref);
        },
      },
    },
  };

  private create(request: ResourceRequest) {
    const ref = request.properties.optionalString('Name') ?? request.identity;
    if (this.there.has(ref)) throw new Error(`${ref} exists`);
    const properties = read(request);
    this.log.push(`create ${ref}`);
    this.there.set(ref, properties);
    return { ref, attributes: { Arn: `arn-${ref}` } };
  }
}

function read({ properties }: ResourceRequest): JsonObject {
  const entries = THING.properties.map((name) => [name, properties.json(name)] as const);
  if (properties.json('A') === 'fail') throw new Error('A cannot be that');
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

const thing = (properties: JsonObject = {}, attributes: JsonObject = {}) => ({ Type: 'Test::Thing', Properties: properties, ...attributes });

const stackOf = (template: JsonObject) => ({
  stackName: 'Stack', template: parseTemplate(JSON.stringify(template)), parameters: {}, asset: (key: string) => key,
});

async function deployed(template: JsonObject, options: UpdateOptions = {}) {
  const things = new Things();
  const stack = await createResources(stackOf(template), things.types.providers, ENVIRONMENT, options);
  things.log.length = 0;
  const update = async (next: JsonObject, from = stack, more: UpdateOptions = {}) => (
    updateResources(from, stackOf(next), things.types, ENVIRONMENT, { behaviors: BEHAVIORS, ...options, ...more })
  );
  return { things, stack, update };
}

const resources = (all: JsonObject, more: JsonObject = {}) => ({ Resources: all, ...more });

async function failureOf(update: Promise<unknown>): Promise<UpdateFailed> {
  const error = await update.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof UpdateFailed)) throw new Error(`expected a failed update, got ${String(error)}`);
  return error;
}

describe('an update', () => {
  test('makes, changes and replaces in the order of needs, then deletes what is left over', async () => {
    const { things, update } = await deployed(resources({
      Kept: thing({ A: 1 }), Changed: thing({ A: 1 }), Replaced: thing({ Fixed: 1 }), User: thing({ List: [{ Ref: 'Replaced' }] }), Gone: thing({ A: { Ref: 'User' } }),
    }));
    const { summary, resources: after, outputs } = await update(resources({
      User: thing({ List: [{ Ref: 'Replaced' }, { Ref: 'New' }] }), Kept: thing({ A: 1 }), Changed: thing({ A: 2 }), Replaced: thing({ Fixed: 2 }), New: thing(),
    }, { Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Replaced', 'Arn'] } } } }));
    expect(things.log).toEqual(['create Replaced-2', 'create New', 'update User', 'update Changed', 'delete Gone', 'delete Replaced']);
    expect(summary).toEqual({
      created: ['New'], updated: ['User', 'Changed'], replaced: ['Replaced'], deleted: ['Gone', 'Replaced'], retained: [], notDeleted: {},
    });
    expect(things.there.get('User')).toEqual({ List: ['Replaced-2', 'New'] });
    expect(outputs).toEqual({ Arn: 'arn-Replaced-2' });
    expect([...after.keys()].sort()).toEqual(['Changed', 'Kept', 'New', 'Replaced', 'User']);
  });

  test('brings a stack where a deployment of its template would have, whatever the two are', async () => {
    const template = fc.dictionary(fc.constantFrom('T0', 'T1', 'T2', 'T3', 'T4'), fc.record({ A: fc.nat(2), Fixed: fc.nat(1), needs: fc.subarray(['T0', 'T1', 'T2', 'T3']) }),
      { minKeys: 1 });
    const templateOf = (wanted: Record<string, { A: number; Fixed: number; needs: string[] }>) => resources(Object.fromEntries(
      Object.entries(wanted).map(([id, { A, Fixed, needs }]) => (
        [id, thing({ A, Fixed, List: needs.filter((need) => need < id && wanted[need] !== undefined).map((Ref) => ({ Ref })) })])),
    ));
    await fc.assert(fc.asyncProperty(template, template, fc.boolean(), async (before, after, fails) => {
      const { things, stack, update } = await deployed(templateOf(before));
      const former = new Map(things.there);
      const next = templateOf(after);
      if (fails) {
        next.Resources = { ...next.Resources, Z: thing({ A: 'fail', List: Object.keys(after).map((Ref) => ({ Ref })) }) };
        const failure = await update(next).catch((error: unknown) => error);
        if (failure instanceof UpdateFailed) expect([failure.status, failure.logicalId]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'Z']);
        expect(things.there).toEqual(former);
        return;
      }
      const updated = await update(next).catch(() => stack);
      const numbers = (from: ReadonlyMap<string, { ref: string }>) => [...from].map(([id, { ref }]) => {
        const { A, Fixed, List } = things.there.get(ref) ?? {};
        return [id, A, Fixed, List];
      }).sort();
      const refs = (id: string) => updated.resources.get(id)?.ref;
      expect(numbers(updated.resources)).toEqual(Object.entries(after).map(([id, { A, Fixed, needs }]) => (
        [id, A, Fixed, needs.filter((need) => need < id && after[need] !== undefined).map(refs)])).sort());
      expect(things.there.size).toBe(updated.resources.size);
      for (const id of Object.keys(after)) {
        const replaced = before[id] !== undefined && before[id].Fixed !== after[id].Fixed;
        expect(updated.resources.get(id)?.ref).toBe(replaced ? `${id}-2` : id);
      }
    }), { numRuns: 60 });
  });

  test('that changes nothing is an error', async () => {
    const template = resources({ A: thing({ A: 1 }) }, { Outputs: { O: { Value: 'x' } } });
    const { update } = await deployed(template);
    await expect(update(template)).rejects.toThrow('No updates are to be performed.');
    await expect(update(resources({ A: thing({ A: 1 }, { DeletionPolicy: 'Retain' }) }, { Outputs: { O: { Value: 'x' } } }))).rejects.toThrow('No updates');
    await expect(update(resources({ A: thing({ A: 1 }) }, { Outputs: { O: { Value: 'y' } } }))).resolves.toMatchObject({ outputs: { O: 'y' } });
  });

  test('keeps what a policy keeps, and forgets it', async () => {
    const { things, update } = await deployed(resources({
      A: thing({}, { DeletionPolicy: 'Retain' }), B: thing({}, { DeletionPolicy: 'RetainExceptOnCreate' }), C: thing({ Fixed: 1 }), D: thing(),
    }));
    const next = resources({ C: thing({ Fixed: 2 }, { UpdateReplacePolicy: 'Retain' }) });
    const updated = await update(next);
    expect(updated.summary).toMatchObject({ retained: ['B', 'A', 'C'], deleted: ['D'] });
    expect([...things.there.keys()].sort()).toEqual(['A', 'B', 'C', 'C-2']);
    // What comes back under its logical id is another resource.
    const back = await update(resources({ ...next.Resources, A: thing() }), updated);
    expect(back.resources.get('A')?.ref).toBe('A-2');
  });

  test('leaves what AWS would not delete, and is complete nevertheless', async () => {
    const { things, update } = await deployed(resources({ A: thing(), B: thing() }));
    things.refusing.add('A');
    const { summary, resources: after } = await update(resources({ B: thing() }));
    expect(summary.notDeleted).toEqual({ A: 'A is not empty' });
    expect([[...after.keys()], [...things.there.keys()]]).toEqual([['B'], ['A', 'B']]);
  });

  test('of parameters keeps the values that are not given again', async () => {
    const template = resources({ A: thing({ A: { Ref: 'P' }, List: [{ Ref: 'Q' }] }) }, { Parameters: { P: { Type: 'String' }, Q: { Type: 'String', Default: 'q' } } });
    const { things, update } = await deployed(template, { parameters: { P: 'one' } });
    await expect(update(template)).rejects.toThrow('No updates');
    await update(template, undefined, { parameters: { Q: 'other' } });
    expect(things.there.get('A')).toEqual({ A: 'one', List: ['other'] });
  });
});

describe('an update that fails', () => {
  test('is rolled back: what was changed is as it was, what was made is gone, but for what is to be retained', async () => {
    const before = resources({ A: thing({ A: 1 }), B: thing({ Fixed: 1 }), C: thing({ A: { Ref: 'B' } }), G: thing() });
    const { things, update } = await deployed(before);
    const former = new Map(things.there);
    const failure = await failureOf(update(resources({
      A: thing({ A: 2 }),
      B: thing({ Fixed: 2 }),
      C: thing({ A: { Ref: 'B' } }),
      N: thing(),
      R: thing({}, { DeletionPolicy: 'Retain' }),
      Z: thing({ A: 'fail' }, { DependsOn: ['A', 'C', 'N', 'R'] }),
    })));
    expect(failure.message).toBe('UPDATE_ROLLBACK_COMPLETE: Z: A cannot be that');
    expect(things.there).toEqual(new Map([...former, ['R', {}]]));
    expect(things.log.slice(5)).toEqual(['update A', 'update C', 'delete N', 'delete B-2']);
    // The stack is as it was, and can be updated again.
    const { resources: after } = await update(resources({ ...before.Resources, R: thing() }), failure.restored);
    expect(after.get('R')?.ref).toBe('R-2');
  });

  test('in the middle of a change takes that back, too', async () => {
    const { things, update } = await deployed(resources({ A: thing({ A: 1 }) }));
    await failureOf(update(resources({ A: thing({ A: 'fail' }) })));
    expect(things.there.get('A')).toEqual({ A: 1 });
  });

  test('and cannot be taken back says where', async () => {
    const { things, update } = await deployed(resources({ A: thing({ A: 1 }), B: thing() }));
    const promise = update(resources({ A: thing({ A: 2 }), B: thing({ A: 'fail' }, { DependsOn: 'A' }) }));
    things.there.delete('B');
    const failure = await failureOf(promise);
    expect(failure.status).toBe('UPDATE_ROLLBACK_FAILED');
    expect(failure.message).toMatch(/B is gone; then the rollback failed at B: B is gone/);
  });
});

describe('refused by name, before anything is touched:', () => {
  const refusals: [what: string, before: JsonObject, after: JsonObject, message: string][] = [
    ['another type', thing(), { Type: 'Test::Frozen' }, 'Update of resource type is not permitted. The new template modifies resource type of the following resources: [A]'],
    ['what may replace', thing({ Perhaps: 1 }), thing({ Perhaps: 2 }), 'A (Test::Thing): the local cloud does not implement changes of Perhaps'],
    ['what is not documented', thing(), thing({ Other: 1 }), 'A (Test::Thing): it is not documented what a change of Other does'],
    ['a change of a type that cannot change', { Type: 'Test::Frozen' }, { Type: 'Test::Frozen', Properties: { A: 1 } },
      'A (Test::Frozen): the local cloud does not implement updates of A'],
    ['a replacement of a type that cannot be deleted', { Type: 'Test::Frozen' }, { Type: 'Test::Frozen', Properties: { Fixed: 1 } },
      'A (Test::Frozen): the local cloud does not implement deletions'],
    ['a snapshot', thing({ Fixed: 1 }), thing({ Fixed: 2 }, { UpdateReplacePolicy: 'Snapshot' }), 'the local cloud does not implement UpdateReplacePolicy Snapshot'],
    ['a name that is taken', thing({ Name: 'n', Fixed: 1 }), thing({ Name: 'n', Fixed: 2 }), 'n exists'],
  ];

  test.each(refusals)('%s', async (_, before, after, message) => {
    const { things, update } = await deployed(resources({ A: before }));
    const former = new Map(things.there);
    await expect(update(resources({ A: after }))).rejects.toThrow(message);
    expect([things.log, things.there]).toEqual([[], former]);
  });

  test('a deletion of a type that cannot be deleted', async () => {
    const { things, update } = await deployed(resources({ A: { Type: 'Test::Frozen' }, B: thing() }));
    await expect(update(resources({ B: thing({ A: 1 }) }))).rejects.toThrow('A (Test::Frozen): the local cloud does not implement deletions');
    expect(things.log).toEqual([]);
  });

  test('the replacement of a custom name by itself', async () => {
    const things = new Things();
    const types = { providers: { 'AWS::SQS::Queue': things.types.providers['Test::Thing'] }, changes: { 'AWS::SQS::Queue': things.types.changes['Test::Thing'] } };
    const queue = (properties: JsonObject) => stackOf(resources({ Q: { Type: 'AWS::SQS::Queue', Properties: properties } }));
    const behaviors = { 'AWS::SQS::Queue': { ...THING, properties: [...THING.properties, 'QueueName'] } };
    const stack = await createResources(queue({ Name: 'n', Fixed: 1 }), {
      'AWS::SQS::Queue': (request) => {
        request.properties.notModelled('QueueName');
        return things.types.providers['Test::Thing'](request);
      },
    }, ENVIRONMENT);
    const named = {
      ...stack,
      basis: {
        ...stack.basis,
        records: new Map([...stack.basis.records].map(([id, record]) => (
          [id, { ...record, properties: { ...record.properties, QueueName: 'mine' } }]))),
      },
    };
    await expect(updateResources(named, queue({ Name: 'n', QueueName: 'mine', Fixed: 2 }), types, ENVIRONMENT, { behaviors }))
      .rejects.toThrow('CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename mine and update the stack again. What requires it: Fixed');
  });
});

describe('exports', () => {
  const exporting = (value: string, name = 'X') => resources({ A: thing() }, { Outputs: { O: { Value: value, Export: { Name: name } } } });

  test('change with the outputs', async () => {
    const exports = new Map<string, string>();
    const { update } = await deployed(exporting('one'), { exports });
    const updated = await update(exporting('two'));
    expect([...exports]).toEqual([['X', 'two']]);
    await update(exporting('two', 'Y'), updated);
    expect([...exports]).toEqual([['Y', 'two']]);
  });

  test('that another stack uses cannot be changed or deleted', async () => {
    const exports = new Map<string, string>();
    const { update } = await deployed(exporting('one'), { exports });
    const importer = () => 'Other';
    await expect(update(exporting('two'), undefined, { importer })).rejects.toThrow('Export X cannot be updated as it is in use by Other');
    await expect(update(exporting('one', 'Y'), undefined, { importer })).rejects.toThrow('Export X cannot be deleted as it is in use by Other');
    expect([...exports]).toEqual([['X', 'one']]);
  });
});

describe('the documented behaviour of properties', () => {
  const compare = (type: string, before: JsonObject, after: JsonObject) => compareProperties(before, after, UPDATE_BEHAVIORS[type], 'here');

  test('is that of the reference', () => {
    expect(compare('AWS::S3::Bucket', { BucketName: 'a', Tags: [] }, { BucketName: 'b' })).toEqual({ changed: ['BucketName', 'Tags'], replacing: ['BucketName'], conditional: [] });
    expect(compare('AWS::Lambda::Function', { Timeout: 1, Role: 'a' }, { Timeout: 2, Role: 'b' }).replacing).toEqual([]);
    expect(compare('AWS::StepFunctions::StateMachine', { StateMachineType: 'STANDARD' }, { StateMachineType: 'EXPRESS' }).replacing).toEqual(['StateMachineType']);
  });

  test('goes into objects and lists', () => {
    expect(compare('AWS::Glue::Table', { TableInput: { Name: 'a', Owner: 'x' } }, { TableInput: { Name: 'b', Owner: 'x' } }).replacing).toEqual(['TableInput.Name']);
    expect(compare('AWS::Glue::Table', { TableInput: { Name: 'a', Owner: 'x' } }, { TableInput: { Name: 'a', Owner: 'y' } }).replacing).toEqual([]);
    const index = (IndexName: string, ProjectionType: string): JsonObject => ({ IndexName, Projection: { ProjectionType } });
    const change = (before: JsonObject[], after: JsonObject[]) => (
      compare('AWS::DynamoDB::GlobalTable', { GlobalSecondaryIndexes: before }, { GlobalSecondaryIndexes: after }).conditional
    );
    expect(change([index('i', 'ALL')], [index('i', 'KEYS_ONLY')])).toEqual(['GlobalSecondaryIndexes[].Projection.ProjectionType']);
  });
});
