import { roleSessionCaller } from '../../../local/account/credentials';
import { JsonObject, JsonValue } from '../../../local/json';
import { Keys } from '../../../local/kms/keys';
import { S3Service } from '../../../local/s3/s3-service';
import { S3Store } from '../../../local/s3/store';
import { createAccount, environment } from '../http/small-cloud';

/** An account with an S3, one administrator, and roles made to measure. */
export function createDataAccount() {
  const account = createAccount();
  const store = new S3Store(account.clock);
  const s3 = new S3Service(store, { environment, authorize: account.authorize, useKey: new Keys(environment, account.authorize).use });
  const administrator = account.users.createAdministrator('admin');
  return {
    ...account,
    store,
    s3,
    administrator,
    adminContext: { caller: administrator, secureTransport: true },
    adminCredentials: account.credentials.issueForUser(administrator),
    /** A session of a role that may do what these statements say. */
    session: (name: string, ...statements: JsonObject[]) => {
      const role = createRole(account.roles, name, statements);
      const caller = roleSessionCaller({ role, sessionName: 'session' }, { accountId: '111122223333', region: 'eu-west-1', partition: 'aws', urlSuffix: 'amazonaws.com' });
      const credentials = account.credentials.issueForRole({ role, sessionName: 'session', durationSeconds: 3_600 });
      return { context: { caller, secureTransport: true }, credentials };
    },
  };
}

export type DataAccount = ReturnType<typeof createDataAccount>;

export function allow(action: string | string[], resource: string | string[], condition?: JsonObject): JsonObject {
  return { Effect: 'Allow', Action: action, Resource: resource, ...condition && { Condition: condition } };
}

function createRole(roles: ReturnType<typeof createAccount>['roles'], name: string, statements: JsonValue[]) {
  return roles.create({
    name,
    trustPolicy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' }] },
    inlinePolicies: [{ name: 'Inline', document: { Version: '2012-10-17', Statement: statements } }],
  });
}
