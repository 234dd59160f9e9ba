import './globals.js';
import { Parse } from './sdk.js';
import './cloud/api.js';
import './runtime.js';

globalThis.Parse = Parse;
