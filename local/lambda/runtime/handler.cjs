'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { RuntimeError } = require('./errors.cjs');

/** Loads the function that a handler setting such as `folder/index.handler` names. */
exports.load = async function load(taskRoot, setting) {
  const match = /^(.*\/)?([^./]+)\.(.+)$/.exec(setting);
  if (match === null || setting.includes('..')) throw new RuntimeError('MalformedHandlerName', 'Bad handler');
  const [, folder = '', name, path] = match;
  const exported = await loadModule(join(taskRoot, folder, name), folder + name);
  const handler = path.split('.').reduce((value, member) => value?.[member], exported);
  if (handler === undefined) throw new RuntimeError('HandlerNotFound', `${setting} is undefined or not exported`);
  if (typeof handler !== 'function') throw new RuntimeError('HandlerNotFound', `${setting} is not a function`);
  if (handler.length > 2) {
    throw new RuntimeError('CallbackHandlerDeprecated', `${setting} takes a callback, which Node.js 24 functions no longer can`);
  }
  return handler;
};

async function loadModule(path, name) {
  const file = ['.js', '.mjs', '.cjs'].map((extension) => path + extension).find((candidate) => existsSync(candidate));
  if (file === undefined) throw new RuntimeError('ImportModuleError', `Error: Cannot find module '${name}'`);
  try {
    return file.endsWith('.mjs') ? await import(pathToFileURL(file)) : await requireOrImport(file);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError('UserCodeSyntaxError', String(error));
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') throw new RuntimeError('ImportModuleError', String(error));
    throw error;
  }
}

async function requireOrImport(file) {
  try {
    return require(file);
  } catch (error) {
    if (error?.code !== 'ERR_REQUIRE_ESM') throw error;
    return import(pathToFileURL(file));
  }
}
