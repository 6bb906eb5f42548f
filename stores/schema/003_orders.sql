-- Every order fact that is counted as money: recomputed per touched order from imports, purchase and refund events and the shop's orders.
CREATE TABLE order_lines
(
    customer_id LowCardinality(String),
    day         Date,                                  -- in the shop's time zone
    order_id    String CODEC(ZSTD(1)),
    kind        LowCardinality(String),                -- sale, refund, cancellation, adjustment: each on its own day
    line        UInt32,                                -- counts per order and kind: orders = countIf(line = 0 AND kind = 'sale')
    version     UInt64,
    deleted     UInt8,
    ordered_at  DateTime64(3, 'UTC') CODEC(Delta(8), LZ4),
    status      LowCardinality(String),                -- of the order: paid, held, cancelled, …
    source      LowCardinality(String),                -- who told us: shop, import, event
    import_id   LowCardinality(String),
    sh          UInt64,                                -- the session of the purchase event, 0 where there is none
    buyer       UInt64,                                -- hash of buyer_id, 0 unknown
    buyer_id    String CODEC(ZSTD(1)),
    first_order Bool,
    product_id  LowCardinality(String),
    product     LowCardinality(String),
    category    LowCardinality(String),
    country     LowCardinality(String),
    region      LowCardinality(String),
    device_type LowCardinality(String),
    channel     LowCardinality(String),
    payment     LowCardinality(String),
    is_bot      Bool,
    currency    LowCardinality(String),
    quantity    Int32,
    amount      Decimal(18, 4),                        -- as sent, in `currency`
    gross       Decimal(18, 4),                        -- quantity × price, in the shop's currency, as are the next; positive in refunds, too
    discount    Decimal(18, 4),
    tax         Decimal(18, 4),
    cost        Decimal(18, 4)
)
ENGINE = ReplacingMergeTree(version, deleted)
PARTITION BY toYYYYMM(day)
ORDER BY (customer_id, day, order_id, kind, line);
