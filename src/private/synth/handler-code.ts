import * as path from 'node:path';
import { AssetCode, Code } from 'aws-cdk-lib/aws-lambda';

/** Where the bundles of our handlers lie in the package: `src` and `lib` are equally deep. */
const ASSETS = path.join(__dirname, '../../../assets');

/**
 * The bundled code of one of our handlers, with the entry point `index.handler`.
 *
 * @param handler path of its source below `src/`, without `.lambda.ts`
 */
export function handlerCode(handler: string): AssetCode {
  return Code.fromAsset(path.join(ASSETS, handler));
}
