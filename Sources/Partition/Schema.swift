import Grounding

/// The tables, as numbered migrations: forward only, each release's store opens in the next.
///
/// Foreign keys are deferred. An immediate one makes SQLite open a statement journal for deletes,
/// and at each of those FTS5 writes out what it holds in memory.
enum Schema {
  static let version = migrations.count
  /// What the first migration writes into the file's header: "Loam".
  static let applicationID = 1_282_367_853

  static let migrations: [StaticString] = [
    first, second, third, fourth, fifth, sixth, seventh, eighth, ninth,
  ]

  private static let first: StaticString = """
    PRAGMA application_id = 1282367853;
    CREATE TABLE meta (
      name TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE source (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL UNIQUE
    ) STRICT;

    -- A set of access lists, in the order of their written form. A location refers to a class of
    -- one list, an item to the class of its locations' lists.
    CREATE TABLE access_class (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      lists TEXT NOT NULL UNIQUE
    ) STRICT;

    CREATE TABLE file (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      source INTEGER NOT NULL REFERENCES source DEFERRABLE INITIALLY DEFERRED,
      path TEXT NOT NULL,
      size INTEGER NOT NULL,
      mtime INTEGER NOT NULL,   -- nanoseconds since 1970
      inode INTEGER NOT NULL,
      hash BLOB,
      read_to INTEGER NOT NULL, -- octets that are in the store
      access TEXT,
      note TEXT,
      UNIQUE (source, path)
    ) STRICT;

    CREATE TABLE item (
      key INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      class INTEGER NOT NULL REFERENCES access_class DEFERRABLE INITIALLY DEFERRED,
      kind TEXT NOT NULL,
      title_terms INTEGER NOT NULL,
      version INTEGER NOT NULL,
      parent TEXT,
      external_id TEXT,
      title TEXT,
      people TEXT NOT NULL,     -- as indexed: 0x01, then names and addresses
      language TEXT,
      text TEXT NOT NULL
    ) STRICT;
    -- What a query needs of every item, without the texts between.
    CREATE INDEX item_class ON item (class, kind, key, title_terms);
    CREATE INDEX item_external ON item (external_id) WHERE external_id IS NOT NULL;
    CREATE INDEX item_parent ON item (parent) WHERE parent IS NOT NULL;

    CREATE TABLE location (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      source INTEGER NOT NULL REFERENCES source DEFERRABLE INITIALLY DEFERRED,
      key TEXT NOT NULL,
      item INTEGER NOT NULL REFERENCES item DEFERRABLE INITIALLY DEFERRED,
      file INTEGER REFERENCES file DEFERRABLE INITIALLY DEFERRED,
      uri TEXT,
      access INTEGER NOT NULL REFERENCES access_class DEFERRABLE INITIALLY DEFERRED,
      content_hash BLOB NOT NULL,
      times TEXT NOT NULL,
      conversation TEXT,
      label TEXT,
      UNIQUE (source, key)
    ) STRICT;
    CREATE INDEX location_item ON location (item);
    CREATE INDEX location_file ON location (file);

    -- What a copy says of itself stands with its location: copies of one message differ in Bcc,
    -- Received and the like, and a caller sees only those of a location that is open to it.
    CREATE TABLE person (
      location INTEGER NOT NULL REFERENCES location DEFERRABLE INITIALLY DEFERRED,
      ordinal INTEGER NOT NULL,
      role TEXT NOT NULL,
      name TEXT,
      address TEXT,
      PRIMARY KEY (location, ordinal)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE fact (
      location INTEGER NOT NULL REFERENCES location DEFERRABLE INITIALLY DEFERRED,
      ordinal INTEGER NOT NULL,
      name TEXT NOT NULL,
      value ANY NOT NULL,       -- TEXT, REAL for a number, INTEGER for an instant
      PRIMARY KEY (location, ordinal)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX fact_value ON fact (name, value);

    CREATE TABLE segment (
      item INTEGER NOT NULL REFERENCES item DEFERRABLE INITIALLY DEFERRED,
      ordinal INTEGER NOT NULL,
      kind TEXT NOT NULL,
      start INTEGER NOT NULL,
      end INTEGER NOT NULL,
      part TEXT,
      heading TEXT,
      page INTEGER,
      PRIMARY KEY (item, ordinal)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE defect (
      location INTEGER NOT NULL REFERENCES location DEFERRABLE INITIALLY DEFERRED,
      ordinal INTEGER NOT NULL,
      code TEXT NOT NULL,
      detail TEXT,
      PRIMARY KEY (location, ordinal)
    ) STRICT, WITHOUT ROWID;

    -- Rows first ..< first + count belong to one class; first ..< first + used were given out.
    CREATE TABLE extent (
      first INTEGER PRIMARY KEY AUTOINCREMENT,
      class INTEGER NOT NULL REFERENCES access_class DEFERRABLE INITIALLY DEFERRED,
      count INTEGER NOT NULL,
      used INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX extent_class ON extent (class, first);

    CREATE TABLE passage (
      row INTEGER PRIMARY KEY AUTOINCREMENT,
      item INTEGER NOT NULL REFERENCES item DEFERRABLE INITIALLY DEFERRED,
      body_terms INTEGER NOT NULL,
      ordinal INTEGER NOT NULL,
      start INTEGER NOT NULL,
      end INTEGER NOT NULL,
      part TEXT,
      heading TEXT,
      page INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX passage_item ON passage (item, ordinal);

    -- count rows of codes, then count scales (32-bit floats, little-endian); see the ninth.
    CREATE TABLE vector_page (
      id INTEGER PRIMARY KEY,
      model TEXT NOT NULL,
      extent INTEGER NOT NULL REFERENCES extent DEFERRABLE INITIALLY DEFERRED,
      page BLOB NOT NULL,
      UNIQUE (extent, model)
    ) STRICT;

    CREATE TABLE pending_vector (
      row INTEGER PRIMARY KEY REFERENCES passage DEFERRABLE INITIALLY DEFERRED
    ) STRICT;

    CREATE TABLE change (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL,
      first INTEGER,
      last INTEGER
    ) STRICT;

    -- Serves FTS5's rebuild and integrity-check only; writes and deletes bind the values.
    CREATE VIEW passage_source (row, title, people, body, quoted) AS
      SELECT p.row,
        CASE p.ordinal WHEN 0 THEN coalesce(i.title, '') ELSE '' END,
        CASE p.ordinal WHEN 0 THEN i.people ELSE '' END,
        cast(substr(cast(i.text AS BLOB), p.start + 1, p.end - p.start) AS TEXT),
        ''
      FROM passage p JOIN item i ON i.key = p.item;
    CREATE VIRTUAL TABLE passage_text USING fts5 (
      title, people, body, quoted,
      content = 'passage_source', content_rowid = 'row', tokenize = 'loam', columnsize = 0
    );
    INSERT INTO passage_text (passage_text, rank) VALUES ('automerge', 8);
    """

  /// What an attendee answered.
  private static let second: StaticString = """
    ALTER TABLE person ADD COLUMN state TEXT;
    """

  /// What a copy of a message says of its conversation.
  ///
  /// A *name* is 64 bits of a Message-ID's or a base subject's SHA-256. `message_name` has a row for
  /// every name that a copy bears or refers to, so that one lookup finds all who speak of a message.
  /// Its rows have no foreign key: its index begins with the name, and SQLite would search all of it
  /// whenever a location goes.
  private static let third: StaticString = """
    ALTER TABLE location ADD COLUMN name INTEGER;
    ALTER TABLE location ADD COLUMN reference_names BLOB;  -- eight octets each, the parent last
    ALTER TABLE location ADD COLUMN sent INTEGER;          -- seconds since 1970
    ALTER TABLE location ADD COLUMN subject INTEGER;       -- the base subject's name
    ALTER TABLE location ADD COLUMN is_reply INTEGER;      -- by the subject's mark
    CREATE INDEX location_subject ON location (subject, sent) WHERE subject IS NOT NULL;

    CREATE TABLE message_name (
      name INTEGER NOT NULL,
      location INTEGER NOT NULL,
      item INTEGER NOT NULL,
      access INTEGER NOT NULL,
      is_own INTEGER NOT NULL,
      PRIMARY KEY (name, location)
    ) STRICT, WITHOUT ROWID;
    """

  /// Whose words a stretch is; quoted text by its origin; a reply's vector mixed with its parent's.
  private static let fourth: StaticString = """
    -- NULL for role new here and below.
    ALTER TABLE segment ADD COLUMN role TEXT;
    ALTER TABLE passage ADD COLUMN role TEXT;
    -- The item whose own words a quoted passage repeats, where one is known.
    ALTER TABLE passage ADD COLUMN origin INTEGER;
    -- The lists under which a quoted passage counts; NULL where it does under none and is not indexed.
    ALTER TABLE passage ADD COLUMN quoted_class INTEGER;
    CREATE INDEX passage_quoted ON passage (quoted_class, row, item, body_terms)
      WHERE quoted_class IS NOT NULL;

    -- Quoted passages lie in extents of their own, so that no vector page has room for them.
    ALTER TABLE extent ADD COLUMN role TEXT;
    DROP INDEX extent_class;
    CREATE INDEX extent_class ON extent (class, role, first);

    -- A quoted passage under a list under which no item says first what it says. Of those with one
    -- fingerprint under one list the first counts; rank comes from the item's id alone.
    CREATE TABLE open_quote (
      print INTEGER NOT NULL,
      list INTEGER NOT NULL REFERENCES access_class DEFERRABLE INITIALLY DEFERRED,
      rank INTEGER NOT NULL,
      row INTEGER NOT NULL REFERENCES passage DEFERRABLE INITIALLY DEFERRED,
      PRIMARY KEY (print, list, rank, row)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX open_quote_row ON open_quote (row);

    -- A message and the one it answers; class: the lists under which it does, NULL for all it has.
    CREATE TABLE mix (
      item INTEGER PRIMARY KEY REFERENCES item DEFERRABLE INITIALLY DEFERRED,
      parent INTEGER NOT NULL,
      class INTEGER
    ) STRICT;
    CREATE INDEX mix_parent ON mix (parent);
    CREATE INDEX mix_class ON mix (class, item) WHERE class IS NOT NULL;

    -- As vector_page: what rows are searched by where that is not their own vector.
    CREATE TABLE mixed_page (
      extent INTEGER PRIMARY KEY REFERENCES extent DEFERRABLE INITIALLY DEFERRED,
      page BLOB NOT NULL
    ) STRICT;

    DROP VIEW passage_source;
    CREATE VIEW passage_source (row, title, people, body, quoted) AS
      SELECT p.row,
        CASE p.ordinal WHEN 0 THEN coalesce(i.title, '') ELSE '' END,
        CASE p.ordinal WHEN 0 THEN i.people ELSE '' END,
        CASE WHEN p.role IS NULL
          THEN cast(substr(cast(i.text AS BLOB), p.start + 1, p.end - p.start) AS TEXT)
          ELSE '' END,
        CASE WHEN p.quoted_class IS NOT NULL
          THEN cast(substr(cast(i.text AS BLOB), p.start + 1, p.end - p.start) AS TEXT)
          ELSE '' END
      FROM passage p JOIN item i ON i.key = p.item;
    """

  /// What the rows were when they were written, for `loam verify`.
  private static let fifth: StaticString = """
    -- A digest of the rows of a table (kind) whose numbers, shifted, are key; DigestedTable says which.
    CREATE TABLE digest (
      kind INTEGER NOT NULL,
      key INTEGER NOT NULL,
      digest INTEGER NOT NULL,
      PRIMARY KEY (kind, key)
    ) STRICT, WITHOUT ROWID;
    """

  /// Digests of the ids of erased items, which another ingest passes over.
  private static let sixth: StaticString = """
    CREATE TABLE erased (
      print BLOB PRIMARY KEY
    ) STRICT, WITHOUT ROWID;
    """

  /// Rows that wait for a vector of the model that is to take the other's place (`next_model`).
  private static let seventh: StaticString = """
    CREATE TABLE pending_next (
      row INTEGER PRIMARY KEY REFERENCES passage DEFERRABLE INITIALLY DEFERRED
    ) STRICT;
    """

  /// What a first question needs of every passage, without what lies between.
  ///
  /// The role is a column because SQLite does not see that the condition settles it.
  private static let eighth: StaticString = """
    CREATE INDEX passage_own ON passage (row, item, body_terms, role) WHERE role IS NULL;
    """

  /// Steps of blocks of 64 components, a row of them a vector, after a page's scales.
  ///
  /// Vectors without steps are what they were with the greatest, 255, in all. Mixed ones are made again
  /// by the writer: made now they would have steps.
  private static let ninth: StaticString = """
    -- The dimension is what a slot has but for the four octets of its scale.
    UPDATE vector_page SET page = cast(page || (
      SELECT replace(
        hex(zeroblob(e.count * ((length(page) / e.count - 4 + 63) / 64))), '00', x'FF')
      FROM extent e WHERE e.first = extent) AS BLOB);
    DELETE FROM mixed_page;
    """
}
