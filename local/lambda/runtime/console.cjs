'use strict';

const { format } = require('node:util');

const LEVELS = { log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR', debug: 'DEBUG', trace: 'TRACE' };

/** Sends what is written to the console to `write`, one record each, in the log format of the function. */
exports.replaceConsole = function replaceConsole(logFormat, requestId, write) {
  const emit = (level, message) => {
    const timestamp = new Date().toISOString();
    if (logFormat === 'JSON') write(JSON.stringify({ timestamp, level, requestId: requestId(), message }));
    else write([timestamp, requestId() ?? 'undefined', level, message].join('\t'));
  };
  for (const [method, level] of Object.entries(LEVELS)) console[method] = (...values) => emit(level, format(...values));
};
