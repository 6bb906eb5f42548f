-- What is recorded: append only, the first delivery of an event id wins. docs/architecture.md says why each choice was made.
CREATE TABLE events_raw
(
    customer_id  LowCardinality(String),                            -- the tenant, as the documented SQL calls it
    event_id     UUID                    CODEC(NONE),
    timestamp    DateTime64(3, 'UTC')    CODEC(Delta(8), LZ4),      -- when it happened, corrected by sent_at where the sender's clock is off
    seq          UInt32                  CODEC(Delta(4), LZ4),      -- position in the request or file: the order of events of one instant
    received_at  DateTime64(3, 'UTC')    CODEC(Delta(8), ZSTD(1)),  -- stamped before the log, so a redelivery carries the same
    sent_at      Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(1)),     -- the sender's clock at sending
    time_flag    LowCardinality(String),                            -- '', corrected, future, unreadable
    visitor_id   String                  CODEC(ZSTD(1)),
    user_id      String                  CODEC(ZSTD(1)),            -- '' where unknown
    session_id   String                  CODEC(ZSTD(1)),
    event_type   LowCardinality(String)  CODEC(LZ4),                -- as sent
    event        LowCardinality(String)  CODEC(LZ4),                -- its canonical name
    event_name   LowCardinality(String),                            -- free text of the sender
    page_type    LowCardinality(String)  CODEC(LZ4),
    device_type  LowCardinality(String)  CODEC(LZ4),                -- desktop, mobile, tablet, '' unknown
    browser      LowCardinality(String),
    os           LowCardinality(String),
    country      LowCardinality(String)  CODEC(LZ4),                -- ISO 3166 alpha-2, '' unknown
    region       LowCardinality(String),
    source       LowCardinality(String),
    medium       LowCardinality(String),
    campaign     LowCardinality(String),
    channel      LowCardinality(String),                            -- direct, organic search, paid search, social, email, referral, …
    product_id   LowCardinality(String),
    quantity     Int32                   CODEC(ZSTD(1)),
    revenue      Decimal(18, 4)          CODEC(ZSTD(1)),            -- of a purchase, in the shop's currency; 0 for any other event
    value        Decimal(18, 4)          CODEC(ZSTD(1)),            -- of any event that names money (a cart's line, a refund), in the shop's currency
    amount       Decimal(18, 4)          CODEC(ZSTD(1)),            -- the same as sent
    currency     LowCardinality(String),
    order_id     String                  CODEC(ZSTD(1)),
    search_term  String                  CODEC(ZSTD(1)),
    rating       Nullable(Float32)       CODEC(ZSTD(1)),            -- of feedback, 1..5
    page_url     String                  CODEC(ZSTD(1)),
    page_title   String                  CODEC(ZSTD(1)),
    referrer     String                  CODEC(ZSTD(1)),
    origin       LowCardinality(String),                            -- the door it came through: browser, server, segment, upload, demo
    is_bot       Bool,
    bot_reason   LowCardinality(String),
    import_id    LowCardinality(String),                            -- the upload it came with, or ''
    properties   String                  CODEC(ZSTD(1)),            -- JSON as sent
    page_path    LowCardinality(String)  MATERIALIZED path(page_url),
    vh           UInt64                  MATERIALIZED cityHash64(visitor_id) CODEC(LZ4),
    sh           UInt64                  MATERIALIZED cityHash64(visitor_id, session_id) CODEC(LZ4),
    PROJECTION by_visitor INDEX vh TYPE basic
)
ENGINE = ReplacingMergeTree(received_at)
PARTITION BY toYYYYMM(timestamp)
PRIMARY KEY (customer_id, timestamp)
ORDER BY (customer_id, timestamp, event_id)
SETTINGS deduplicate_merge_projection_mode = 'rebuild';

-- The ids of the last eight days, so that a retry under another time is recognised.
CREATE TABLE event_ids
(
    customer_id LowCardinality(String),
    event_id    UUID CODEC(NONE),
    seen        Date DEFAULT today()
)
ENGINE = ReplacingMergeTree
ORDER BY (customer_id, event_id)
TTL seen + INTERVAL 8 DAY;

-- Which user a browser belongs to; the newest identify wins.
CREATE TABLE visitor_users
(
    customer_id LowCardinality(String),
    vh          UInt64 DEFAULT cityHash64(visitor_id),
    visitor_id  String CODEC(ZSTD(1)),
    user_id     String CODEC(ZSTD(1)),
    linked_at   DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(linked_at)
ORDER BY (customer_id, vh);

-- Order lines as they were told: by a file, by purchase, refund and cancellation events, by the shop itself.
-- line_id is UUIDv5 of the file's row and its number among equal rows, or of the event and the line's place in it.
CREATE TABLE order_lines_raw
(
    customer_id LowCardinality(String),
    order_id    String                  CODEC(ZSTD(1)),
    line_id     UUID                    CODEC(NONE),
    seq         UInt32,                                             -- position in the file or event
    received_at DateTime64(3, 'UTC')    CODEC(Delta(8), ZSTD(1)),
    ordered_at  DateTime64(3, 'UTC')    CODEC(Delta(8), LZ4),
    import_id   LowCardinality(String),
    source      LowCardinality(String) DEFAULT 'import',            -- who told us: shop, import, event
    kind        LowCardinality(String),                             -- '' a line of the order, refund, cancellation
    event_id    UUID                    CODEC(ZSTD(1)),             -- of the event that told, zero for a file
    buyer_id    String                  CODEC(ZSTD(1)),
    visitor_id  String                  CODEC(ZSTD(1)),
    session_id  String                  CODEC(ZSTD(1)),
    product_id  LowCardinality(String),
    product     LowCardinality(String),                             -- its name as the file says
    category    LowCardinality(String),
    country     LowCardinality(String),
    region      LowCardinality(String),
    device_type LowCardinality(String),
    channel     LowCardinality(String),
    payment     LowCardinality(String),
    is_bot      Bool,
    currency    LowCardinality(String),
    quantity    Int32,                                              -- a refund or cancellation of 0 pieces means all that is left of the order
    price       Decimal(18, 4),                                     -- of one piece, in `currency`
    discount    Decimal(18, 4),
    tax         Decimal(18, 4),
    cost        Decimal(18, 4),
    vh          UInt64                  MATERIALIZED if(visitor_id = '', 0, cityHash64(visitor_id)),
    sh          UInt64                  MATERIALIZED if(visitor_id = '', 0, cityHash64(visitor_id, session_id))
)
ENGINE = ReplacingMergeTree(received_at)
PARTITION BY toYYYYMM(ordered_at)
ORDER BY (customer_id, order_id, line_id);
