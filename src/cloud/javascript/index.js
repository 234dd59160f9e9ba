import './globals.js';
import { Parse } from './sdk.js';
import './cloud/api.js';
import './call_sites.js';
import './runtime.js';

globalThis.Parse = Parse;
