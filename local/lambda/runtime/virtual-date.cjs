'use strict';

const FakeTimers = require('@sinonjs/fake-timers');

/** Shifts `Date` (and the formatters that ask for the present) to virtual time; timers and `performance` stay real. */
exports.install = function install() {
  const clock = FakeTimers.install({ toFake: ['Date', 'Intl'], now: 0 });
  let virtual = 0;
  let real = 0;
  // The package's own way of advancing is a real interval, which moves in steps and keeps the process awake.
  Object.defineProperty(clock, 'now', { get: () => Math.floor(virtual + performance.now() - real) });
  return {
    /** It is now so late; from here on time passes as it really does. */
    set(now) {
      virtual = now;
      real = performance.now();
    },
  };
};
