-- The ledger: append-only. Ids, quantities and times only; nothing here names a person.
CREATE TABLE entry (
    position    INTEGER PRIMARY KEY,  -- 1, 2, 3 … without a hole: the writer counts on from the last batch
    kind        TEXT    NOT NULL CHECK (kind IN ('session', 'beat', 'conflict', 'clock', 'correction', 'attendance')),
    person_id   INTEGER NOT NULL,     -- 0 where none
    sid         TEXT    NOT NULL,     -- '' where none
    seq         INTEGER NOT NULL,     -- -1 where none
    received_ms INTEGER NOT NULL,
    body        BLOB    NOT NULL
) STRICT;

-- One beat a (sid, seq), one set of facts a session; the writer knows before it inserts, this is the safety net.
CREATE UNIQUE INDEX beat_once ON entry (sid, seq) WHERE kind = 'beat';
CREATE UNIQUE INDEX session_once ON entry (sid) WHERE kind = 'session';
CREATE INDEX conflict_of ON entry (sid, seq) WHERE kind = 'conflict';
CREATE INDEX entry_of_person ON entry (person_id, position) WHERE person_id <> 0;

-- One row a durable commit: hash = sha256(prev_hash, entries after the batch before up to last_position).
CREATE TABLE batch (
    last_position INTEGER PRIMARY KEY,
    prev_hash     TEXT NOT NULL,
    hash          TEXT NOT NULL
) STRICT;

CREATE TRIGGER entry_stays BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entry_kept BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER batch_stays BEFORE UPDATE ON batch BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER batch_kept BEFORE DELETE ON batch BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

PRAGMA application_id = 1498967143;  -- 'YXlg': this file is a ledger of ours
PRAGMA user_version = 1;
