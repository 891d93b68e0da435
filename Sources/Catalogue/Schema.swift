internal import GRDB

/// The tables, as a list of migrations: only ever appended to.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 apps, prompts, messages, versions, generations") { db in
            try db.execute(sql: first)
        }
        migrator.registerMigration("2 how turns ended, and what broke") { db in
            try db.execute(sql: second)
        }
        migrator.registerMigration("3 stills") { db in
            try db.execute(sql: third)
        }
        migrator.registerMigration("4 codes in place of sentences") { db in
            try db.execute(sql: fourth)
        }
        return migrator
    }

    /// Times are milliseconds since 1970; `sequence` gives the order of creation.
    private static let first = """
        CREATE TABLE app (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            prompt TEXT NOT NULL,
            author_id TEXT NOT NULL,
            author_name TEXT NOT NULL,
            is_featured INTEGER NOT NULL DEFAULT 0,
            is_running INTEGER NOT NULL DEFAULT 0,
            terminated_at INTEGER,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX app_open ON app (sequence) WHERE terminated_at IS NULL;
        CREATE TABLE author (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            app_id TEXT NOT NULL REFERENCES app (id) ON DELETE CASCADE,
            user_id TEXT NOT NULL,
            name TEXT NOT NULL,
            UNIQUE (app_id, user_id)
        ) STRICT;
        CREATE INDEX author_user ON author (user_id);
        CREATE TABLE prompt (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            message_id TEXT NOT NULL UNIQUE,
            app_id TEXT NOT NULL REFERENCES app (id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            author_id TEXT NOT NULL,
            author_name TEXT NOT NULL,
            created_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX prompt_app ON prompt (app_id, sequence);
        CREATE TABLE message (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            app_id TEXT NOT NULL REFERENCES app (id) ON DELETE CASCADE,
            role TEXT NOT NULL,
            content TEXT NOT NULL,
            author_id TEXT NOT NULL,
            author_name TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            version INTEGER
        ) STRICT;
        CREATE INDEX message_app ON message (app_id, sequence);
        CREATE TABLE version (
            app_id TEXT NOT NULL REFERENCES app (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            prompt TEXT NOT NULL,
            author_id TEXT NOT NULL,
            author_name TEXT NOT NULL,
            generation_id TEXT,
            model TEXT,
            input_tokens INTEGER NOT NULL,
            output_tokens INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (app_id, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE file (
            app_id TEXT NOT NULL,
            version INTEGER NOT NULL,
            path TEXT NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (app_id, version, path),
            FOREIGN KEY (app_id, version) REFERENCES version (app_id, number) ON DELETE CASCADE
        ) STRICT;
        CREATE TABLE generation (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            app_id TEXT NOT NULL REFERENCES app (id) ON DELETE CASCADE,
            message_id TEXT NOT NULL,
            model TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            stopped_by TEXT,
            error TEXT,
            version INTEGER,
            input_tokens INTEGER NOT NULL,
            output_tokens INTEGER NOT NULL,
            started_at INTEGER NOT NULL,
            finished_at INTEGER,
            partial_code TEXT
        ) STRICT;
        CREATE INDEX generation_app ON generation (app_id, sequence);
        CREATE INDEX generation_running ON generation (outcome) WHERE outcome = 'running';
        """

    /// `errors` is a JSON array of objects with path, line, column and text.
    private static let second = """
        ALTER TABLE message ADD COLUMN outcome TEXT;
        ALTER TABLE message ADD COLUMN stopped_by_id TEXT;
        ALTER TABLE message ADD COLUMN stopped_by_name TEXT;
        ALTER TABLE generation ADD COLUMN errors TEXT;
        ALTER TABLE prompt ADD COLUMN is_repair INTEGER NOT NULL DEFAULT 0;
        """

    /// Pictures lie in the catalogue: stored whole or not at all, and gone with their version.
    private static let third = """
        CREATE TABLE still (
            app_id TEXT NOT NULL,
            version INTEGER NOT NULL,
            format TEXT NOT NULL,
            bytes BLOB NOT NULL,
            PRIMARY KEY (app_id, version),
            FOREIGN KEY (app_id, version) REFERENCES version (app_id, number) ON DELETE CASCADE
        ) STRICT;
        """

    /// `error` and `origin` are JSON objects: a code with its numbers and names.
    ///
    /// What earlier servers wrote: the sentence at the end of a message that says who stopped the turn goes, as `outcome` and
    /// `stopped_by` say it; a failed message keeps its sentence as its text; a generation's sentence becomes a code where it
    /// can be told which, else the text of `unknown`.
    private static let fourth = """
        ALTER TABLE prompt ADD COLUMN origin TEXT;
        ALTER TABLE message ADD COLUMN error TEXT;
        ALTER TABLE message ADD COLUMN origin TEXT;
        ALTER TABLE version ADD COLUMN origin TEXT;
        UPDATE prompt SET origin = json_object('code', 'repair'),
            text = CASE WHEN text LIKE 'Fix what broke:%' THEN substr(text, 17) ELSE text END WHERE is_repair;
        ALTER TABLE prompt DROP COLUMN is_repair;
        UPDATE message SET content = rtrim(
            substr(content, 1, length(content) - length(\(stoppedSentence))), char(9, 10, 13, 32)
        ) WHERE outcome = 'stopped' AND substr(content, -length(\(stoppedSentence))) = \(stoppedSentence);
        UPDATE generation SET error = CASE
            WHEN outcome = 'interrupted' THEN json_object('code', 'interrupted')
            WHEN outcome = 'failed' AND errors IS NOT NULL THEN json_object('code', 'build_failed')
            WHEN outcome = 'failed' THEN json_object('code', 'unknown', 'text', error)
        END WHERE error IS NOT NULL;
        """

    /// How the message of a stopped turn ended.
    private static let stoppedSentence = """
        CASE WHEN stopped_by_id IS NULL THEN 'Stopped because the app was ended.'
            ELSE 'Stopped by ' || CASE stopped_by_name WHEN '' THEN 'somebody' ELSE stopped_by_name END || '.' END
        """
}
