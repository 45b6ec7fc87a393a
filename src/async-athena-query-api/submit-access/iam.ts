import { Stack, Token } from 'aws-cdk-lib';
import { AuthorizationType, ResponseType } from 'aws-cdk-lib/aws-apigateway';
import { AccountPrincipal, Grant, IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Refusal, SubmitAccessBinding } from './binding';
import { IamSubmitAccessOptions, QueryOwnership } from './submit-access-options';
import { checkAccount, isOfAnotherAccount } from '../../private/synth/place';
import { checkText, InvalidPropError, refuseToken } from '../../private/synth/validation';
import { Security } from '../open-api/document';

/** API Gateway takes policies of 8,192 bytes, and names an account in about 50 of them. Source: API Gateway developer guide, "Quotas for configuring and running a REST API". */
export const MAX_ACCOUNTS = 100;

const ACCOUNTS = 'accounts of SubmitAccess.iam';

/** Callers in other accounts cannot read our logs, so the answer itself says what is wrong. */
const REFUSALS: readonly Refusal[] = [
  { type: ResponseType.MISSING_AUTHENTICATION_TOKEN, code: 'NotSigned', message: 'The request is not signed, or there is no such path or method.' },
  { type: ResponseType.INVALID_SIGNATURE, code: 'InvalidSignature', message: 'The signature is wrong: check the credentials, the Region, the service name execute-api, and the clock.' },
  { type: ResponseType.EXPIRED_TOKEN, code: 'ExpiredCredentials', message: 'The credentials that signed the request have expired: get new ones.' },
];

const SECURITY: Security = {
  name: 'signature',
  scheme: {
    'type': 'apiKey',
    'in': 'header',
    'name': 'Authorization',
    'description': 'Signature Version 4 of AWS for the service `execute-api`, by a caller with the right `execute-api:Invoke`.',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  },
};

/** API Gateway verifies the signature and asks IAM. */
export function iamAccess({ ownership = QueryOwnership.PRINCIPAL, accounts }: IamSubmitAccessOptions): SubmitAccessBinding {
  if (accounts !== undefined) checkAccounts(accounts);
  return {
    methodOptions: () => ({ authorizationType: AuthorizationType.IAM }),
    caller: {
      // `AROA…:session` of a role's session, `AIDA…` of a user. Source: API Gateway developer guide, "$context variables", and IAM user guide, "Unique identifiers".
      setOwner: ownership === QueryOwnership.SESSION
        ? '#set($owner = $context.identity.caller)'
        // `111122223333:name` of a federated user: the account before the colon would be one owner for all of them. Source: IAM user guide, "Principal key values".
        : "#set($caller = $context.identity.caller.split(':'))#set($owner = $caller[0])"
          + "#if($owner.matches('[0-9]+'))#set($owner = $context.identity.caller)#end",
      arn: '$context.identity.userArn',
    },
    security: SECURITY,
    ...accounts !== undefined && { refusals: REFUSALS },
    // The account as a whole lets nobody in: of its roles and users, those come in whose own policies say so.
    policyPrincipals: (scope, isPrivate) => [
      ...isPrivate ? [new AccountPrincipal(Stack.of(scope).account)] : [], ...principalsOf(accounts ?? [], scope),
    ],
    grantInvoke: (scope, grantee, methodArns) => {
      const what = 'the account of the grantee of grantInvoke';
      const { principalAccount } = grantee.grantPrincipal;
      if (principalAccount !== undefined && accounts?.includes(principalAccount) && isOfAnotherAccount(scope, principalAccount)) {
        throw new InvalidPropError(
          what, principalAccount, Stack.of(scope).account,
          `${ACCOUNTS} lets it in already: in that account, allow the caller execute-api:Invoke on the methods of the API`,
        );
      }
      checkAccount(what, scope, grantee);
      return Grant.addToPrincipal({ grantee, actions: ['execute-api:Invoke'], resourceArns: [...methodArns] });
    },
  };
}

function checkAccounts(accounts: readonly string[]): void {
  refuseToken(ACCOUNTS, Token.isUnresolved(accounts), 'write the list out; its entries may be tokens');
  if (accounts.length === 0 || accounts.length > MAX_ACCOUNTS) {
    throw new InvalidPropError(
      ACCOUNTS, `${accounts.length} accounts`, `1 to ${MAX_ACCOUNTS} accounts`,
      accounts.length === 0 ? 'leave it out if only this account may call' : 'have callers of the others assume a role of this account',
    );
  }
  for (const account of accounts) {
    checkText(`every account in ${ACCOUNTS}`, account, /^\d{12}$/, 'the 12 digits of an account', 'write them in quotes, without hyphens');
  }
}

function principalsOf(accounts: readonly string[], scope: Construct): IPrincipal[] {
  const { account: ours } = Stack.of(scope);
  if (!Token.isUnresolved(ours) && accounts.includes(ours)) {
    throw new InvalidPropError(ACCOUNTS, ours, 'other accounts than that of the API', 'leave it out: grantInvoke lets callers of this account in');
  }
  return [...new Set(accounts)].map((account) => new AccountPrincipal(account));
}
