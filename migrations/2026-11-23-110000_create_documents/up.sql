-- The registry of official documents: one row a document, however it is cited.
CREATE TABLE documents (
    id                  uuid NOT NULL CONSTRAINT documents_pkey PRIMARY KEY,
    org_unit_id         uuid NOT NULL CONSTRAINT documents_org_unit_fkey REFERENCES org_units (id),
    plan_id             uuid CONSTRAINT documents_plan_fkey REFERENCES plans (id),
    kind                text NOT NULL CONSTRAINT documents_kind_check CHECK (kind IN ('plan', 'decision', 'guidance', 'programme', 'report', 'submission', 'notice', 'circular', 'decree', 'resolution', 'directive', 'conclusion', 'emulation_launch', 'law', 'official_letter', 'telegram', 'other')),
    document_number     text NOT NULL,
    number              integer,
    symbol              text,
    year                integer,
    citation_key        text NOT NULL,
    issuer              text,
    issuer_key          text NOT NULL,
    issuer_org_unit_id  uuid CONSTRAINT documents_issuer_org_unit_fkey REFERENCES org_units (id),
    issued_on           date,
    effective_from      date,
    effective_to        date,
    subject             text,
    body                text,
    state               text NOT NULL CONSTRAINT documents_state_check CHECK (state IN ('in_force', 'replaced')),
    replaced_by         uuid CONSTRAINT documents_replaced_by_fkey REFERENCES documents (id),
    note                text,
    conflicts           text[] NOT NULL,
    tokens              text[] NOT NULL,
    version             integer NOT NULL DEFAULT 1,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    CONSTRAINT documents_plan_key UNIQUE (plan_id),
    CONSTRAINT documents_replaced_check CHECK (state = 'replaced' OR replaced_by IS NULL)
);
COMMENT ON COLUMN documents.org_unit_id IS 'The body that entered it; scope is judged by it';
COMMENT ON COLUMN documents.plan_id IS 'The plan that it is, where it was issued here';
COMMENT ON COLUMN documents.document_number IS 'Number and symbol as printed';
COMMENT ON COLUMN documents.year IS 'Numbers run within a year: the one in the number, else that of the date';
COMMENT ON COLUMN documents.citation_key IS 'Number, year within the number and symbol in one form; not a key, since numbers begin anew each year and at each body';
COMMENT ON COLUMN documents.issuer_key IS 'The issuer in one form for comparing; empty where unknown';
COMMENT ON COLUMN documents.conflicts IS 'Codes of the contradictions that the row has in itself; those with other rows are found when reading';
CREATE INDEX documents_org_unit_idx ON documents (org_unit_id);
CREATE INDEX documents_issuer_org_unit_idx ON documents (issuer_org_unit_id);
CREATE INDEX documents_replaced_by_idx ON documents (replaced_by);
CREATE INDEX documents_citation_idx ON documents (citation_key);
CREATE INDEX documents_issued_idx ON documents (issued_on, issuer_key);
CREATE INDEX documents_tokens_idx ON documents USING gin (tokens);

CREATE TABLE document_aliases (
    document_id   uuid NOT NULL CONSTRAINT document_aliases_document_fkey REFERENCES documents (id) ON DELETE CASCADE,
    no            integer NOT NULL,
    printed       text NOT NULL,
    citation_key  text NOT NULL,
    CONSTRAINT document_aliases_pkey PRIMARY KEY (document_id, no)
);
COMMENT ON TABLE document_aliases IS 'Other numbers and symbols under which one document is cited';
CREATE INDEX document_aliases_citation_idx ON document_aliases (citation_key);

CREATE TABLE document_citations (
    id                 uuid NOT NULL CONSTRAINT document_citations_pkey PRIMARY KEY,
    document_id        uuid NOT NULL CONSTRAINT document_citations_document_fkey REFERENCES documents (id) ON DELETE CASCADE,
    no                 integer NOT NULL,
    cited_document_id  uuid CONSTRAINT document_citations_cited_fkey REFERENCES documents (id),
    link               text NOT NULL CONSTRAINT document_citations_link_check CHECK (link IN ('linked', 'ambiguous', 'unregistered')),
    citation           text NOT NULL,
    citation_key       text NOT NULL,
    clause             text,
    issuer             text,
    issued_on          date,
    subject            text,
    note               text,
    CONSTRAINT document_citations_no_key UNIQUE (document_id, no),
    CONSTRAINT document_citations_cited_check CHECK ((link = 'linked') = (cited_document_id IS NOT NULL))
);
COMMENT ON TABLE document_citations IS 'Which document cites which, as it prints it; one that cannot be told for sure is linked to none';
CREATE INDEX document_citations_cited_idx ON document_citations (cited_document_id);

-- What the reader of texts found of a cited document, and used to be put into the note.
ALTER TABLE plan_legal_bases
    ADD COLUMN kind text,
    ADD COLUMN aliases text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN plan_legal_bases.kind IS 'Kind as the text calls it, which its symbol may contradict';
COMMENT ON COLUMN plan_legal_bases.aliases IS 'Other numbers and symbols under which the text cites the same document';
UPDATE plan_legal_bases
SET aliases = (string_to_array(note, ' = '))[2:], note = NULL
WHERE starts_with(note, citation || ' = ');
