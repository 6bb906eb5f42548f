"""The ground: shops, accounts, keys, customers, uploads, funnels, jobs, the audit log, and who may see which rows."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES_SQL = """
CREATE TABLE tenants
(
    id text NOT NULL,
    name text NOT NULL,
    timezone text NOT NULL DEFAULT 'UTC',
    currency text NOT NULL DEFAULT 'EUR',
    tier text NOT NULL DEFAULT 'standard',
    hosts text[] NOT NULL DEFAULT '{}',
    retention_days integer,
    page_rules jsonb NOT NULL DEFAULT '[]',
    event_aliases jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id),
    CONSTRAINT tenants_tier_check CHECK (tier IN ('standard', 'enterprise', 'unlimited'))
);

CREATE TABLE accounts
(
    id uuid NOT NULL DEFAULT uuidv7(),
    email text NOT NULL,
    username text NOT NULL,
    password_hash text NOT NULL,
    first_name text NOT NULL DEFAULT '',
    last_name text NOT NULL DEFAULT '',
    phone text,
    is_active boolean NOT NULL DEFAULT true,
    login_count integer NOT NULL DEFAULT 0,
    last_login_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX accounts_email_key ON accounts (lower(email));
CREATE UNIQUE INDEX accounts_username_key ON accounts (lower(username));

CREATE TABLE memberships
(
    account_id uuid NOT NULL,
    tenant text NOT NULL,
    role text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz,
    PRIMARY KEY (account_id, tenant),
    FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE,
    FOREIGN KEY (tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE INDEX memberships_tenant_idx ON memberships (tenant);

CREATE TABLE api_keys
(
    tenant text NOT NULL,
    id uuid NOT NULL DEFAULT uuidv7(),
    name text NOT NULL,
    kind text NOT NULL,
    key_prefix text NOT NULL,
    key_hash bytea NOT NULL,
    key_text text,
    scopes text[] NOT NULL DEFAULT '{}',
    origins text[] NOT NULL DEFAULT '{}',
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    expires_at timestamptz,
    revoked_at timestamptz,
    PRIMARY KEY (tenant, id),
    CONSTRAINT api_keys_kind_check CHECK (kind IN ('write', 'api')),
    CONSTRAINT api_keys_secret_check CHECK (kind = 'write' OR key_text IS NULL),
    FOREIGN KEY (tenant) REFERENCES tenants (id) ON DELETE CASCADE,
    UNIQUE (key_hash),
    FOREIGN KEY (created_by) REFERENCES accounts (id) ON DELETE SET NULL
);

CREATE TABLE customers
(
    tenant text NOT NULL,
    customer_id text NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    name text,
    email text,
    traits jsonb NOT NULL DEFAULT '{}',
    import_id uuid,
    first_seen_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, customer_id),
    UNIQUE (number),
    FOREIGN KEY (tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE INDEX customers_tenant_email_idx ON customers (tenant, lower(email));

CREATE TABLE uploads
(
    tenant text NOT NULL,
    id uuid NOT NULL DEFAULT uuidv7(),
    account_id uuid,
    kind text,
    filename text NOT NULL,
    file text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    look jsonb,
    mapping jsonb,
    mapping_hash text,
    state text NOT NULL DEFAULT 'received',
    rows_read bigint NOT NULL DEFAULT 0,
    rows_stored bigint NOT NULL DEFAULT 0,
    rows_known bigint NOT NULL DEFAULT 0,
    rows_rejected bigint NOT NULL DEFAULT 0,
    adjustments bigint NOT NULL DEFAULT 0,
    period_start timestamptz,
    period_end timestamptz,
    message text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    PRIMARY KEY (tenant, id),
    CONSTRAINT uploads_state_check CHECK (state IN ('received', 'waiting', 'reading', 'storing', 'done', 'failed', 'undoing', 'undone')),
    FOREIGN KEY (tenant) REFERENCES tenants (id) ON DELETE CASCADE,
    FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE SET NULL
);
CREATE INDEX uploads_tenant_created_at_idx ON uploads (tenant, created_at);
CREATE INDEX uploads_tenant_sha256_idx ON uploads (tenant, sha256);

CREATE TABLE upload_errors
(
    tenant text NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    upload_id uuid NOT NULL,
    line bigint NOT NULL,
    reason text NOT NULL,
    field text,
    raw text,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, upload_id) REFERENCES uploads (tenant, id) ON DELETE CASCADE
);
CREATE INDEX upload_errors_tenant_upload_id_line_idx ON upload_errors (tenant, upload_id, line);

CREATE TABLE dead_letters
(
    tenant text NOT NULL,
    id uuid NOT NULL DEFAULT uuidv7(),
    received_at timestamptz NOT NULL DEFAULT now(),
    origin text NOT NULL,
    raw bytea NOT NULL,
    reason text NOT NULL,
    field text,
    request_id text,
    replayed_at timestamptz,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE INDEX dead_letters_tenant_received_at_idx ON dead_letters (tenant, received_at);

CREATE TABLE funnels
(
    tenant text NOT NULL,
    id uuid NOT NULL DEFAULT uuidv7(),
    number bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    definition jsonb NOT NULL,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, id),
    UNIQUE (number),
    UNIQUE (tenant, name),
    FOREIGN KEY (tenant) REFERENCES tenants (id) ON DELETE CASCADE,
    FOREIGN KEY (created_by) REFERENCES accounts (id) ON DELETE SET NULL
);

CREATE TABLE saved_views
(
    tenant text NOT NULL,
    id uuid NOT NULL DEFAULT uuidv7(),
    account_id uuid NOT NULL,
    page text NOT NULL,
    name text NOT NULL,
    query text NOT NULL,
    shared boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, account_id, page, name),
    FOREIGN KEY (tenant) REFERENCES tenants (id) ON DELETE CASCADE,
    FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE
);

CREATE TABLE jobs
(
    tenant text NOT NULL,
    id uuid NOT NULL DEFAULT uuidv7(),
    kind text NOT NULL,
    arguments jsonb NOT NULL DEFAULT '{}',
    once text,
    state text NOT NULL DEFAULT 'waiting',
    progress double precision NOT NULL DEFAULT 0,
    message text NOT NULL DEFAULT '',
    result jsonb,
    error text,
    attempts integer NOT NULL DEFAULT 0,
    lease_until timestamptz,
    stop_requested boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (tenant, id),
    CONSTRAINT jobs_state_check CHECK (state IN ('waiting', 'running', 'done', 'failed', 'stopped'))
);
CREATE UNIQUE INDEX jobs_once_key ON jobs (tenant, kind, once) WHERE state IN ('waiting', 'running');
CREATE INDEX jobs_unfinished_idx ON jobs (created_at) WHERE state IN ('waiting', 'running');

CREATE TABLE counters
(
    tenant text NOT NULL,
    name text NOT NULL,
    value bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, name)
);

CREATE TABLE audit
(
    tenant text NOT NULL,
    id uuid NOT NULL DEFAULT uuidv7(),
    at timestamptz NOT NULL DEFAULT now(),
    account_id uuid,
    action text NOT NULL,
    object text NOT NULL,
    before jsonb,
    after jsonb,
    address text,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE INDEX audit_tenant_at_idx ON audit (tenant, at);

CREATE TABLE exchange_rates
(
    day date NOT NULL,
    currency text NOT NULL,
    rate_to_eur NUMERIC(18, 8) NOT NULL,
    PRIMARY KEY (day, currency)
);
"""

# Roles belong to the whole server, so a second database finds them there. CREATEROLE alone is enough for all of this.
ROLES_SQL = """
DO $$
DECLARE role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['ecap_app', 'ecap_system'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
        END IF;
        EXECUTE format('GRANT %I TO %I WITH SET TRUE, INHERIT FALSE', role_name, current_user);
    END LOOP;
END $$;
"""

# The owner has no policy and therefore sees no row either: forgetting to choose a role shows nothing instead of everything.
PROTECT_SQL = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY own_shop ON {table} TO ecap_app
    USING (tenant = current_setting('ecap.tenant', true)) WITH CHECK (tenant = current_setting('ecap.tenant', true));
CREATE POLICY whole_house ON {table} TO ecap_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO ecap_app, ecap_system;
"""

GLOBAL_SQL = """
GRANT SELECT, INSERT, UPDATE, DELETE ON tenants, memberships, exchange_rates TO ecap_app, ecap_system;
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts TO ecap_system;
GRANT INSERT, UPDATE, DELETE ON accounts TO ecap_app;
GRANT SELECT (id, email, username, first_name, last_name, phone, is_active, login_count, last_login_at, created_at) ON accounts TO ecap_app;
REVOKE UPDATE, DELETE ON audit FROM ecap_app, ecap_system;
"""

OF_ONE_SHOP = (
    "api_keys",
    "customers",
    "uploads",
    "upload_errors",
    "dead_letters",
    "funnels",
    "saved_views",
    "jobs",
    "counters",
    "audit",
)
GLOBAL = ("exchange_rates", "memberships", "accounts", "tenants")


def upgrade() -> None:
    _run(TABLES_SQL)
    _run(ROLES_SQL)
    for table in OF_ONE_SHOP:
        _run(PROTECT_SQL.replace("{table}", table))
    _run(GLOBAL_SQL)


def downgrade() -> None:
    """The roles stay: another database of the server may use them."""
    for table in (*reversed(OF_ONE_SHOP), *GLOBAL):
        op.drop_table(table)


def _run(statements: str) -> None:
    op.get_bind().exec_driver_sql(statements, execution_options={"no_parameters": True})
