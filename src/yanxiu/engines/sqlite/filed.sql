-- Where the entries of a person and of a session are. Filled behind the head, many at a time and in order (filing.py): an entry
-- is appended to one b-tree, not to four. Entries after filed_up_to are few, and found by reading them.
CREATE TABLE filed (
    person_id INTEGER NOT NULL,
    sid       TEXT    NOT NULL,
    seq       INTEGER NOT NULL,
    nth       INTEGER NOT NULL,  -- 0 for the one beat of a (sid, seq) and the one set of facts of a session; else the position
    position  INTEGER NOT NULL,
    PRIMARY KEY (person_id, sid, seq, nth)
) STRICT, WITHOUT ROWID;

CREATE TABLE filed_up_to (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    position INTEGER NOT NULL
) STRICT;
INSERT INTO filed_up_to VALUES (1, 0);
