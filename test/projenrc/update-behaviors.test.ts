import { readFileSync } from 'node:fs';
import { UPDATE_BEHAVIORS_FILE, updateBehaviorsText } from '../../projenrc/tools/update-behaviors';

test('the behaviour of updates is that of the installed CloudFormation reference: npx projen docgen:update-behaviors', () => {
  expect(readFileSync(UPDATE_BEHAVIORS_FILE, 'utf8') === updateBehaviorsText()).toBe(true);
});
