/** A date, or what `new Date()` takes. */
export type DateLike = Date | string | number;

/** A class in Parse Server's defined-schema form. */
export interface ClassDefinition {
  className: string;
  fields?: Record<string, { type: string; targetClass?: string; required?: boolean; defaultValue?: unknown; [option: string]: unknown }>;
  classLevelPermissions?: Record<string, unknown>;
  indexes?: Record<string, unknown>;
}

/** Rows by class; rows of relations as `'_Join:field:Class': [{owningId, relatedId}]`. Dates become Parse dates. */
export type Fixtures = Record<string, ReadonlyArray<object>>;

export interface StartOptions {
  /** Class definitions: files or folders, or the definitions themselves. */
  schema?: string | URL | ReadonlyArray<string | URL> | ClassDefinition | ReadonlyArray<ClassDefinition> | { definitions: ReadonlyArray<ClassDefinition> };
  /** What every reset() goes back to: a folder of JSON files, or the rows themselves. */
  fixtures?: string | URL | Fixtures;
  /** The path of Cloud Code's main.js, passed on to the server. */
  cloud?: string | URL;
  /** The path of the executable. Else: the variable PARSIMONY_EXECUTABLE, `bin/parsimony` of this package, PATH. */
  executable?: string;
  /** More environment variables for the server. Those of the test process that would configure a server are not handed on. */
  env?: Record<string, string>;
  /** How long the start may take; 30,000. */
  startTimeoutMs?: number;
  /**
   * Every other option of `parsimony serve`, by its name (docs/options.md). Unless you name another, the profile is `dev`, in which
   * clients may make classes; `profile: 'parse-server'` has the defaults of a production server. Paths must be absolute.
   */
  [option: string]: unknown;
}

/** The keys that are set. The master key always is. */
export interface Keys {
  master: string;
  javascript?: string;
  rest?: string;
  client?: string;
  dotNet?: string;
  maintenance?: string;
  readOnlyMaster?: string;
}

/** The time that the server believes it is. Each call answers that time. */
export interface Clock {
  now(): Promise<Date>;
  /** Goes on from that date, or stands there while it is frozen. */
  set(date: DateLike): Promise<Date>;
  /** Moves the clock; back with a negative number. */
  advance(ms: number): Promise<Date>;
  /** Stops it, at that date when one is given. */
  freeze(date?: DateLike): Promise<Date>;
  /** Lets it go on from where it stands. */
  resume(): Promise<Date>;
  /** The time of the machine again. */
  real(): Promise<Date>;
}

/** What the server would have sent, oldest first. */
export interface Outbox {
  (): Promise<Array<Record<string, unknown>>>;
  clear(): Promise<void>;
}

export interface ParsimonyServer extends AsyncDisposable {
  /** For `Parse.serverURL`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly appId: string;
  readonly keys: Keys;
  /** Back to how everything was when the server started: rows, classes, users, files, clock, ids, mails and pushes. */
  reset(): Promise<void>;
  /** Keeps how everything is now, under a name. */
  snapshot(name: string): Promise<void>;
  /** Back to a snapshot. */
  restore(name: string): Promise<void>;
  readonly clock: Clock;
  /** The same ids in the same order from here on, with `tokens` also session tokens and names of files; null: random ones again. */
  seed(value: string | number | null, options?: { tokens?: boolean }): Promise<void>;
  readonly mails: Outbox;
  readonly pushes: Outbox;
  /** The end of what the server has logged. */
  log(): string;
  /** Ends the server; its data are gone then. */
  stop(): Promise<void>;
}

/**
 * Starts a server of its own: throw-away data, a free port of this machine, gone with the process that started it.
 * Rejects when the executable is not found or ends before it serves, with what it said.
 */
export function startParsimony(options?: StartOptions): Promise<ParsimonyServer>;
