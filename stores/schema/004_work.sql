-- Scratch of one recomputation: what it is about. A run is the version it writes; rows are forgotten after a day.
CREATE TABLE touched_sessions
(
    customer_id LowCardinality(String),
    run         UInt64,
    visitor_id  String,
    session_id  String,
    first       DateTime64(3, 'UTC'),                   -- of the events that touched it
    last        DateTime64(3, 'UTC'),
    whole       Bool,                                   -- the row stands for all sessions of its visitor
    made_at     DateTime DEFAULT now(),
    vh          UInt64 MATERIALIZED cityHash64(visitor_id),
    sh          UInt64 MATERIALIZED cityHash64(visitor_id, session_id)
)
ENGINE = MergeTree
ORDER BY (customer_id, run)
TTL made_at + INTERVAL 1 DAY;

CREATE TABLE touched_orders
(
    customer_id LowCardinality(String),
    run         UInt64,
    order_id    String,
    buyer       UInt64,                                 -- whoever the order belonged to before, 0 where it is new
    made_at     DateTime DEFAULT now()
)
ENGINE = MergeTree
ORDER BY (customer_id, run)
TTL made_at + INTERVAL 1 DAY;

-- The ids of one batch that may have been seen before.
CREATE TABLE arrived_ids
(
    customer_id LowCardinality(String),
    run         UInt64,
    event_id    UUID,
    made_at     DateTime DEFAULT now()
)
ENGINE = MergeTree
ORDER BY (run)
TTL made_at + INTERVAL 1 DAY;
