// All tests in this one process. `node --test` does, too, but first starts another Node for each file.
import './tasks.test.js';
