// @ts-check
// The shapes that travel: what `protocol/` describes, as JSDoc types. Nothing here runs.

/**
 * @typedef {'queued'|'sandbox'|'generating'|'writing'|'bundling'|'repairing'|'live'|'answered'|'failed'|'asleep'} Phase
 * @typedef {'created'|'ready'|'active'|'terminated'} AppStatus
 * @typedef {'building'|'live'|'asleep'|'failed'} Look  How a status is shown: mark, word and colour.
 */

/**
 * @typedef {object} Counts
 * @property {number} live
 * @property {number} total
 * @property {number} building
 * @property {number} viewers
 */

/**
 * @typedef {object} App
 * @property {string} id
 * @property {string} url
 * @property {string} title
 * @property {string} prompt
 * @property {{user_id: string, name: string}[]} authors
 * @property {number} versions
 * @property {string} [still]
 * @property {boolean} is_featured
 * @property {AppStatus} status
 * @property {Phase} phase
 * @property {number} viewers
 * @property {string} created_at
 * @property {string} updated_at
 * @property {string[]} [tail]  The last lines of code while it is built.
 */

/**
 * @typedef {{code: string} & Record<string, any>} Meaning  A code of the protocol with its numbers and names.
 */

/**
 * @typedef {object} Limits  What the server takes at most; it says so when a page connects.
 * @property {number} prompt_characters
 * @property {number} title_characters
 * @property {number} name_bytes
 * @property {number} typing_ms
 * @property {number} cursor_x
 * @property {number} cursor_y
 * @property {number} console_entries
 * @property {number} console_calls_per_second
 * @property {number} console_lines_per_second
 * @property {number} console_text_characters
 * @property {number} console_path_characters
 * @property {number} console_line_number
 * @property {number} stats_points
 */

/**
 * @typedef {object} Message
 * @property {string} id
 * @property {'user'|'assistant'} type
 * @property {string} content
 * @property {string} user_id
 * @property {string} created_at
 * @property {number|null} [version]
 * @property {string} [name]
 * @property {'answered'|'failed'|'stopped'|'interrupted'} [outcome]  How the turn ended, when it made no version.
 * @property {{user_id: string, name: string}} [stopped_by]
 * @property {Meaning} [error]  Why the turn made no version.
 * @property {Meaning} [origin]  What it tells of where nobody wrote it.
 */

/**
 * @typedef {object} QueueItem
 * @property {string} message_id
 * @property {string} text
 * @property {Meaning} [origin]  What asks where nobody wrote it.
 * @property {string} user_id
 * @property {string} name
 * @property {number} position  From 1.
 */

/**
 * @typedef {object} BuildError
 * @property {string} path
 * @property {number} line
 * @property {number} column
 * @property {string} text  The bundler's words; with a `code` what it is about, or nothing.
 * @property {string} [code]
 * @property {string} [module]  The module that lacks an export.
 */

/**
 * @typedef {object} Version
 * @property {number|null} version
 * @property {string} prompt
 * @property {Meaning} [origin]  What it comes from where nobody wrote the prompt.
 * @property {string} user_id
 * @property {string} name
 * @property {string} outcome
 * @property {string} created_at
 * @property {string} [model]
 * @property {number} [input_tokens]
 * @property {number} [output_tokens]
 * @property {string} [still]  Where its picture is.
 */

/**
 * @typedef {object} TokenPart
 * @property {'code'|'chat'} stream
 * @property {string} [path]
 * @property {number} at  Offset in UTF-16 code units.
 * @property {string} text
 */

/**
 * @typedef {object} ClientInfo
 * @property {string} client
 * @property {string} user
 * @property {{name?: string, color?: string}} [conn_info]
 */

/**
 * @typedef {object} Percentiles  Milliseconds.
 * @property {number} p50
 * @property {number} p90
 * @property {number} p99
 * @property {number[]} [buckets]  Only of the newest second.
 */

/**
 * @typedef {object} StatsPoint  The server's numbers of one second.
 * @property {string} time
 * @property {number} live
 * @property {number} building
 * @property {number} asleep
 * @property {number} failed
 * @property {number} viewers
 * @property {number} connections
 * @property {number} deliveries_per_s
 * @property {number} tokens_per_s
 * @property {Percentiles} first_token_ms
 * @property {Percentiles} build_ms
 */

/**
 * @typedef {object} RunningBuild
 * @property {string} app_id
 * @property {string} title
 * @property {string} user_id
 * @property {string} name
 * @property {Phase} phase
 * @property {number} attempt
 * @property {string} [reason]  Why that attempt began; absent for the first.
 * @property {Repair} [repair]
 * @property {string} started_at
 */

/**
 * @typedef {object} Repair  Which repair of how many.
 * @property {number} number  From 1.
 * @property {number} limit
 */

/**
 * @typedef {object} ErrorNote
 * @property {string} time
 * @property {string} code
 * @property {string} [app_id]
 * @property {string} [title]
 * @property {Meaning} [error]
 * @property {string} [text]  Others' words.
 */

/** @typedef {{first_token_ms: number[], build_ms: number[]}} Bounds  The upper ends of the buckets, in milliseconds. */

/** @typedef {StatsPoint & {uptime_s: number, builds: RunningBuild[], errors: ErrorNote[]}} Stats */

export {};
