// Node's timers/promises; util.promisify makes the same of the timers.
import * as timers from '../timers.js';
import { promisify } from './util.js';

export const setTimeout = (ms, value) => new Promise((resolve) => timers.setTimeout(resolve, ms, value));
export const setImmediate = (value) => new Promise((resolve) => timers.setImmediate(resolve, value));

Object.defineProperty(timers.setTimeout, promisify.custom, { value: setTimeout });
Object.defineProperty(timers.setImmediate, promisify.custom, { value: setImmediate });
