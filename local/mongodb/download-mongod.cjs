'use strict';

/**
 * Downloads mongod from its vendor into the folder given as argument, as the file `mongod`. A program of its own, so that it can be stopped.
 * It gives up early when nothing arrives: a machine without access must not wait.
 */

const { readdirSync, renameSync } = require('node:fs');
const { join } = require('node:path');
const { MongoBinary } = require('mongodb-memory-server-core');

const ANSWER_LIMIT_MILLISECONDS = 5_000;

const [folder] = process.argv.slice(2);

function fail(reason) {
  // The first line says it; the rest is advice of the downloader about its own options.
  process.stderr.write(reason.replace(/\s+/g, ' '));
  process.exit(1);
}

setTimeout(() => {
  if (readdirSync(folder).every((name) => name.endsWith('.lock'))) fail(`no answer within ${ANSWER_LIMIT_MILLISECONDS / 1_000} s`);
}, ANSWER_LIMIT_MILLISECONDS).unref();

MongoBinary.getPath({ downloadDir: folder }).then(
  (path) => renameSync(path, join(folder, 'mongod')),
  (error) => fail(error.message),
);
