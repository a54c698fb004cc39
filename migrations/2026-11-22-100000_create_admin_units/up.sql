-- Territories of Viet Nam. A code is not an identity: it is valid from a day to a day.
CREATE TABLE admin_units (
    id          uuid NOT NULL CONSTRAINT admin_units_pkey PRIMARY KEY,
    code        text NOT NULL CONSTRAINT admin_units_code_check CHECK (code ~ '^[0-9]{2,5}$'),
    parent_id   uuid CONSTRAINT admin_units_parent_fkey REFERENCES admin_units (id),
    level       text NOT NULL CONSTRAINT admin_units_level_check CHECK (level IN ('province', 'district', 'commune')),
    type_vi     text NOT NULL,
    name        text NOT NULL,
    valid_from  date NOT NULL,
    valid_to    date CONSTRAINT admin_units_validity_check CHECK (valid_to >= valid_from),
    lat         double precision,
    lon         double precision,
    tokens      text[] NOT NULL,
    CONSTRAINT admin_units_code_validity_key UNIQUE (code, valid_from)
);
COMMENT ON COLUMN admin_units.code IS 'Code of the statistics office; 2 digits a province, 3 a district, 5 a commune; reused over time';
COMMENT ON COLUMN admin_units.valid_to IS 'Last day on which the unit is known to exist; null while it exists';
COMMENT ON COLUMN admin_units.tokens IS 'Folded syllables of the name, for search without accents';
CREATE INDEX admin_units_parent_idx ON admin_units (parent_id);
CREATE INDEX admin_units_tokens_idx ON admin_units USING gin (tokens);

CREATE TABLE admin_unit_changes (
    id            uuid NOT NULL CONSTRAINT admin_unit_changes_pkey PRIMARY KEY,
    old_unit_id   uuid NOT NULL CONSTRAINT admin_unit_changes_old_fkey REFERENCES admin_units (id),
    new_unit_id   uuid NOT NULL CONSTRAINT admin_unit_changes_new_fkey REFERENCES admin_units (id),
    kind          text NOT NULL CONSTRAINT admin_unit_changes_kind_check CHECK (kind IN ('unchanged', 'rename', 'merge', 'split')),
    portion       text NOT NULL,
    note          text NOT NULL,
    effective_on  date NOT NULL,
    CONSTRAINT admin_unit_changes_pair_key UNIQUE (old_unit_id, new_unit_id)
);
CREATE INDEX admin_unit_changes_new_idx ON admin_unit_changes (new_unit_id);
