-- The ledger: append-only. Ids, quantities and times only; nothing here names a person.
CREATE TABLE entry (
    position    INTEGER PRIMARY KEY,  -- 1, 2, 3 … without a hole; two writers cannot both extend the same head
    kind        TEXT    NOT NULL CHECK (kind IN ('session', 'beat', 'conflict', 'clock', 'correction', 'attendance')),
    person_id   INTEGER NOT NULL,     -- 0 where none
    sid         TEXT    NOT NULL,     -- '' where none
    seq         INTEGER NOT NULL,     -- -1 where none
    received_ms INTEGER NOT NULL,
    body        BLOB    NOT NULL,     -- JSON text
    link        TEXT                  -- last entry of a durable batch: sha256(link before, entries of the batch)
) STRICT;

-- One beat a (sid, seq), one set of facts a session (its seq is -1). The writer knows before it inserts; this makes sure.
CREATE UNIQUE INDEX once ON entry (sid, seq) WHERE kind IN ('beat', 'session');
CREATE INDEX conflict_of ON entry (sid, seq) WHERE kind = 'conflict';
CREATE INDEX entry_of_person ON entry (person_id) WHERE person_id <> 0;  -- the position comes with it: it is the row id

CREATE TRIGGER entry_stays BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entry_kept BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

PRAGMA application_id = 1498967143;  -- "YXlg"
PRAGMA user_version = 1;
