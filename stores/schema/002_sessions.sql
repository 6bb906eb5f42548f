-- What is recomputed from events_raw: never incremented, written again whole with a higher version.
CREATE TABLE sessions
(
    customer_id LowCardinality(String),
    day         Date,                                   -- of started_at in UTC; a shop's own day is toDate(started_at, tz)
    vh          UInt64,
    sh          UInt64,
    ph          UInt64,                                 -- the person: last user_id, else the visitor's newest user, else the visitor
    version     UInt64,
    deleted     UInt8,
    session_id  String CODEC(ZSTD(1)),
    visitor_id  String CODEC(ZSTD(1)),
    user_id     String CODEC(ZSTD(1)),                  -- of the person, '' for a visitor whom nobody identified
    device_type LowCardinality(String),
    browser     LowCardinality(String),
    os          LowCardinality(String),
    country     LowCardinality(String),
    region      LowCardinality(String),
    source      LowCardinality(String),
    medium      LowCardinality(String),
    campaign    LowCardinality(String),
    channel     LowCardinality(String),
    referrer    LowCardinality(String),                 -- its host
    is_bot      Bool,
    started_at  DateTime64(3, 'UTC') CODEC(Delta(8), LZ4),
    ended_at    DateTime64(3, 'UTC') CODEC(Delta(8), LZ4),
    event_count UInt32,
    page_views  UInt32,
    order_count UInt16,                                 -- purchase events
    revenue     Decimal(18, 4) CODEC(ZSTD(1)),          -- of its purchase events; it only weighs funnels
    cart_value  Decimal(18, 4) CODEC(ZSTD(1)),          -- what lay in the cart at the end, 0 after a purchase
    entry_page  LowCardinality(String),
    exit_page   LowCardinality(String),
    exit_type   LowCardinality(String),                 -- the page type of the last event that has one
    has_error   Bool,                                   -- an error event
    low_rating  Bool,                                   -- feedback rated 2 or less
    search_terms Array(String) CODEC(ZSTD(1)),
    ms          Array(UInt64) CODEC(ZSTD(1)),           -- since started_at; the arrays are parallel, ordered by (timestamp, seq, event_id), at most 1,000 long
    events      Array(LowCardinality(String)) CODEC(ZSTD(1)),
    names       Array(LowCardinality(String)) CODEC(ZSTD(1)),
    page_types  Array(LowCardinality(String)) CODEC(ZSTD(1)),
    paths       Array(LowCardinality(String)) CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version, deleted)
PARTITION BY toMonday(day)
ORDER BY (customer_id, day, vh, sh);

-- One row a session that entered a saved funnel.
CREATE TABLE funnel_sessions
(
    customer_id LowCardinality(String),
    funnel_id   UInt64,
    day         Date,
    sh          UInt64,
    vh          UInt64,
    ph          UInt64,
    version     UInt64,
    deleted     UInt8,
    started_at  DateTime64(3, 'UTC') CODEC(Delta(8), LZ4),
    device_type LowCardinality(String),
    country     LowCardinality(String),
    channel     LowCardinality(String),
    is_bot      Bool,
    reached     Array(UInt8) CODEC(LZ4),                -- the numbers of the steps it reached, from 1; optional ones may be missing between
    waits       Array(UInt64) CODEC(ZSTD(1)),           -- ms from each reached step to the next reached one, so one shorter than `reached`
    orders      UInt16,
    cart_value  Decimal(18, 4) CODEC(ZSTD(1)),
    revenue     Decimal(18, 4) CODEC(ZSTD(1)),
    exit_page   LowCardinality(String)
)
ENGINE = ReplacingMergeTree(version, deleted)
PARTITION BY toMonday(day)
ORDER BY (customer_id, funnel_id, day, sh);
