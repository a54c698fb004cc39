CREATE TABLE users (
    id             uuid NOT NULL CONSTRAINT users_pkey PRIMARY KEY,
    username       text NOT NULL CONSTRAINT users_username_key UNIQUE,
    full_name      text NOT NULL,
    password_hash  text NOT NULL,
    role           text NOT NULL,
    org_unit_id    uuid NOT NULL CONSTRAINT users_org_unit_fkey REFERENCES org_units (id),
    is_disabled    boolean NOT NULL DEFAULT false,
    tokens         text[] NOT NULL,
    version        integer NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL
);
COMMENT ON COLUMN users.password_hash IS 'argon2id, PHC string';
CREATE INDEX users_org_unit_idx ON users (org_unit_id);
CREATE INDEX users_tokens_idx ON users USING gin (tokens);

CREATE TABLE sessions (
    id          uuid NOT NULL CONSTRAINT sessions_pkey PRIMARY KEY,
    user_id     uuid NOT NULL CONSTRAINT sessions_user_fkey REFERENCES users (id) ON DELETE CASCADE,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    revoked_at  timestamptz
);
COMMENT ON TABLE sessions IS 'One sign-in: the family of its refresh tokens';
CREATE INDEX sessions_user_idx ON sessions (user_id);

CREATE TABLE refresh_tokens (
    token_hash  bytea NOT NULL CONSTRAINT refresh_tokens_pkey PRIMARY KEY,
    session_id  uuid NOT NULL CONSTRAINT refresh_tokens_session_fkey REFERENCES sessions (id) ON DELETE CASCADE,
    issued_at   timestamptz NOT NULL,
    used_at     timestamptz
);
COMMENT ON COLUMN refresh_tokens.token_hash IS 'SHA-256 of the token; the token itself is never stored';
CREATE INDEX refresh_tokens_session_idx ON refresh_tokens (session_id);

CREATE TABLE api_clients (
    id           uuid NOT NULL CONSTRAINT api_clients_pkey PRIMARY KEY,
    name         text NOT NULL,
    role         text NOT NULL,
    org_unit_id  uuid NOT NULL CONSTRAINT api_clients_org_unit_fkey REFERENCES org_units (id),
    secret_hash  bytea NOT NULL,
    is_disabled  boolean NOT NULL DEFAULT false,
    tokens       text[] NOT NULL,
    version      integer NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    CONSTRAINT api_clients_org_unit_name_key UNIQUE (org_unit_id, name)
);
COMMENT ON COLUMN api_clients.secret_hash IS 'SHA-256 of the 256-bit random secret, which is shown once';
