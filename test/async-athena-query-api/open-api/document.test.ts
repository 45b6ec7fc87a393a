/** The document of every variant is well made, and tells of every route, code, status and member that the template has. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { isObject, JsonObject, JsonValue } from '../../../local/json';
import { MANAGE_REFUSALS } from '../../../src/async-athena-query-api/contracts/manage-query';
import { synthesise, variantsOf } from '../../support/construct-kit/subject';
import { DescribedApi, DescribedOperation } from '../../support/described-api';
import { QUERIES } from '../../support/synth-queries';
import { plain, Resource, resourcesOfType } from '../../support/template';
import { FACTS } from '../facts';

const VARIANTS = variantsOf(FACTS).map(([name, variant]) => {
  const { made: { openApi }, stack, template } = synthesise(QUERIES, variant);
  return { name, openApi, resolved: String(plain(stack.resolve(openApi))), template };
});

const SERVER = 'https://<QueriesApi3AF94B92>.execute-api.<AWS::Region>.<AWS::URLSuffix>';

test('redocly finds nothing to say about any of them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
  try {
    const files = VARIANTS.map(({ name, openApi }) => {
      const document: JsonObject = JSON.parse(openApi);
      const file = join(folder, `${name.replaceAll(' ', '-')}.json`);
      writeFileSync(file, JSON.stringify({ ...document, servers: [{ url: 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod' }] }));
      return file;
    });
    // The licence of an API is a matter of whoever deploys it.
    const args = ['lint', ...files, '--extends', 'recommended-strict', '--skip-rule', 'info-license', '--format', 'stylish'];
    const cli = join(__dirname, '../../../node_modules/@redocly/cli/bin/cli.js');
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    const { status, stdout } = spawnSync(process.execPath, [cli, ...args], { cwd: folder, env, encoding: 'utf8', timeout: 120_000 });
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.not.stringMatching(/error|warning/) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe.each(VARIANTS)('$name', ({ resolved, template }) => {
  const described = new DescribedApi(resolved);
  const methods = methodsOf(template);

  test('the address of the server is that of the stage', () => {
    const [{ StageName }] = resourcesOfType(template, 'AWS::ApiGateway::Stage').map(({ Properties }) => Properties);
    expect(described.document.servers).toEqual([{ url: `${SERVER}/<QueriesApiDeploymentStage${String(StageName)}${hashOfStage(template)}>` }]);
  });

  test('has every route of the template, by its name, and no other', () => {
    const routes = [...described.operations.values()].map(({ operationId, path, method }) => `${operationId} ${method.toUpperCase()} ${path}`);
    expect(routes.sort()).toEqual(methods.map(({ name, method, path }) => `${name} ${method} ${path}`).sort());
  });

  test('has every parameter that a method takes', () => {
    for (const { name, Properties } of methods) {
      const { parameters = [] } = operationOf(described, name).operation;
      const told = listOf(parameters).map(objectOf).map((parameter) => `${String(parameter.in)}.${String(parameter.name)}`);
      const taken = Object.keys(Object(Properties.RequestParameters));
      expect(told.sort()).toEqual(taken.map((parameter) => parameter.replace('method.request.', '').replace('querystring', 'query')).sort());
    }
  });

  test('has every code that a template answers, at its status', () => {
    for (const { name, Properties } of methods) {
      for (const { status, code } of codesOf(Properties)) expect(codesAt(described, name, status)).toContain(code);
    }
  });

  test('has every code that API Gateway answers itself, at every route that it can be answered at', () => {
    const answers = resourcesOfType(template, 'AWS::ApiGateway::GatewayResponse').map(({ Properties }) => ({
      type: String(Properties.ResponseType),
      code: String(JSON.parse(Object.values(Object(Properties.ResponseTemplates)).join('')).Code),
    }));
    for (const { name, method } of methods) {
      for (const { type, code } of answers) {
        const told = allCodes(described, name);
        if (type === 'BAD_REQUEST_BODY' && method !== 'POST') expect(told).not.toContain(code);
        else expect(told).toContain(code);
      }
    }
  });

  test('has no status that the method does not declare, and no code that nothing answers', () => {
    const gateway = resourcesOfType(template, 'AWS::ApiGateway::GatewayResponse').map(({ Properties }) => (
      String(JSON.parse(Object.values(Object(Properties.ResponseTemplates)).join('')).Code)
    ));
    for (const { name, Properties } of methods) {
      const declared = listOf(Properties.MethodResponses).map((answer) => String(objectOf(answer).StatusCode));
      const own = name === 'SubmitQuery' ? codesOf(Properties).map(({ code }) => code) : Object.keys(MANAGE_REFUSALS);
      for (const status of statusesOf(described, name)) {
        const codes = codesAt(described, name, status);
        expect(codes.filter((code) => ![...gateway, ...own].includes(code))).toEqual([]);
        if (!/XX$/.test(status) && codes.every((code) => !gateway.includes(code))) expect(declared).toContain(status);
      }
    }
  });

  test('every member of a request is told of', () => {
    const [{ Properties: { Schema } }] = resourcesOfType(template, 'AWS::ApiGateway::Model');
    const schemas = objectOf(objectOf(described.document.components).schemas);
    const variants = Object.entries(schemas).filter(([key]) => key.startsWith('SubmitQuery')).map(([, schema]) => objectOf(schema)).filter(({ properties }) => properties !== undefined);
    expect(variants.length).toBeGreaterThan(0);
    for (const { properties } of variants) {
      expect(Object.keys(objectOf(properties)).sort()).toEqual(Object.keys(objectOf(objectOf(plain(Schema)).properties)).sort());
      for (const member of Object.values(objectOf(properties))) {
        const reference = objectOf(member).$ref;
        const told = reference === undefined ? member : schemas[String(reference).replace('#/components/schemas/', '')];
        expect(objectOf(told).description).toMatch(/^[A-Z].*\.$/);
      }
    }
  });
});

interface Method extends Pick<Resource, 'Properties'> {
  readonly name: string;
  readonly method: string;
  readonly path: string;
}

function methodsOf(template: Template): Method[] {
  const resources = new Map(resourcesOfType(template, 'AWS::ApiGateway::Resource').map(({ id, Properties }) => [id, Properties]));
  const pathOf = (id: string): string => {
    const { PathPart, ParentId } = resources.get(id) ?? {};
    return PathPart === undefined ? '' : `${pathOf(String(Object(ParentId).Ref))}/${String(PathPart)}`;
  };
  return resourcesOfType(template, 'AWS::ApiGateway::Method').map(({ Properties }) => ({
    name: String(Properties.OperationName),
    method: String(Properties.HttpMethod),
    path: pathOf(String(Object(Properties.ResourceId).Ref)),
    Properties,
  }));
}

/** Codes in the templates that make answers, each with the status that is set before it, or that of its answer. */
function codesOf({ Integration }: Record<string, unknown>): { readonly status: string; readonly code: string }[] {
  const answers: Record<string, unknown>[] = Object(Integration).IntegrationResponses;
  return answers.flatMap(({ StatusCode, ResponseTemplates }) => {
    const parts = String(Object(ResponseTemplates)['application/json']).matchAll(/responseOverride\.status = (\d{3})|"Code":"(\w+)"/g);
    let status = String(StatusCode);
    return [...parts].flatMap(([, set, code]) => {
      if (set !== undefined) status = set;
      return code === undefined ? [] : [{ status, code }];
    });
  });
}

function operationOf(described: DescribedApi, name: string): DescribedOperation {
  const found = described.operations.get(name);
  if (found === undefined) throw new Error(`no operation ${name}`);
  return found;
}

function statusesOf(described: DescribedApi, name: string): string[] {
  return Object.keys(objectOf(operationOf(described, name).operation.responses));
}

function codesAt(described: DescribedApi, name: string, status: string): string[] {
  const { content } = objectOf(objectOf(operationOf(described, name).operation.responses)[status]);
  const { Code } = objectOf(objectOf(objectOf(objectOf(content)['application/json']).schema).properties ?? {});
  return Code === undefined ? [] : Object.values(objectOf(Code).enum ?? []).map(String);
}

function allCodes(described: DescribedApi, name: string): string[] {
  return statusesOf(described, name).flatMap((status) => codesAt(described, name, status));
}

function hashOfStage(template: Template): string {
  const [{ id }] = resourcesOfType(template, 'AWS::ApiGateway::Stage');
  return id.slice(-8);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function objectOf(value: unknown): JsonObject {
  const json: JsonValue = JSON.parse(JSON.stringify(value ?? null));
  if (!isObject(json)) throw new Error(`no object: ${JSON.stringify(json)}`);
  return json;
}
