import { TELL_KEYS_CONTRACT } from '../../../../src/async-athena-query-api/contracts/tell-keys';
import { ED25519 } from '../../../../src/async-athena-query-api/delivery/function/ed25519';
import { SigningKeys } from '../../../../src/async-athena-query-api/delivery/function/signing-keys';
import { tellKeys } from '../../../../src/async-athena-query-api/signing-keys/function/tell-keys';
import { handler } from '../../../../src/async-athena-query-api/signing-keys/function/tell-keys.lambda';
import { ReadSecret } from '../../../../src/private/runtime/secret-reader';
import { expectMissing, useLogLines } from '../../../support/construct-kit/handlers';
import { released, releasedNames } from '../../../support/released';
import { NOW, serviceError } from '../../delivery/function/harness';

/** The key of the specification, and the first of RFC 8032. */
const CURRENT = 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';
const PREVIOUS = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';

const consoleLines = useLogLines('console');

async function told(event: unknown, readSecret: ReadSecret) {
  const lines: string[] = [];
  const answer = await tellKeys(event, { signingKeys: new SigningKeys(readSecret, () => NOW, ED25519), log: (line) => void lines.push(line) });
  return { answer, lines };
}

const rotated: ReadSecret = async (stage) => (stage === 'AWSCURRENT' ? CURRENT : PREVIOUS);

describe.each([TELL_KEYS_CONTRACT])('contract %s', (contract) => {
  test.each(releasedNames('tell-keys', contract))('%s is answered as it was when it was released', async (name) => {
    expect((await told(released('tell-keys', contract, name), rotated)).answer).toEqual(released('tell-keys', contract, `${name}.answer`));
  });
});

test('before the first rotation there is one key', async () => {
  const never: ReadSecret = async (stage) => {
    if (stage === 'AWSCURRENT') return CURRENT;
    throw serviceError('ResourceNotFoundException', 400);
  };
  expect((await told({ contract: 1 }, never)).answer.Body).toEqual({ Keys: [{ State: 'CURRENT', PublicKey: expect.stringMatching(/^whpk_/) }] });
});

test('neither answer nor log has a seed, in any notation', async () => {
  const seeds = [Buffer.from(CURRENT.slice(5), 'base64').subarray(0, 32), Buffer.from(PREVIOUS, 'hex')];
  const shown = JSON.stringify([await told({ contract: 1 }, rotated), await told({ contract: 1 }, async () => `${PREVIOUS}0`)]);
  for (const seed of seeds) for (const notation of ['hex', 'base64', 'base64url'] as const) expect(shown).not.toContain(seed.toString(notation).replace(/=$/, ''));
});

test.each<[string, unknown, ReadSecret, number, string]>([
  ['Secrets Manager does not answer', { contract: 1 }, async () => Promise.reject(serviceError('InternalServiceError', 500)), 503, 'TryAgain'],
  ['the secret is no seed', { contract: 1 }, async () => 'password', 503, 'TryAgain'],
  ['the contract is unknown', { contract: 2 }, rotated, 500, 'InternalError'],
  ['there is more in the event', { contract: 1, Stage: 'AWSPENDING' }, rotated, 500, 'InternalError'],
  ['the event is none', null, rotated, 500, 'InternalError'],
])('when %s, the answer is an error and a line says why', async (_what, event, readSecret, StatusCode, Code) => {
  const { answer, lines } = await told(event, readSecret);
  expect(answer).toEqual({ StatusCode, Body: { Code, Message: expect.stringMatching(/^The request could not be processed/) } });
  expect(lines.map((line) => JSON.parse(line))).toEqual([{ Outcome: Code, Message: expect.any(String) }]);
});

test('a function that is not configured says so in its log, and the caller learns nothing of it', async () => {
  await expectMissing(async () => {
    expect(await handler({ contract: 1 })).toEqual({ StatusCode: 500, Body: { Code: 'InternalError', Message: 'The request could not be processed.' } });
    return String(JSON.parse(consoleLines().at(-1) ?? '{}').Message);
  }, { SIGNING_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:signing-AbCdEf' });
});
