"""One small module per noun."""

from api.resources import (
    auth,
    dead_letters,
    events,
    health,
    jobs,
    journeys,
    metrics,
    root,
    shop_totals,
    tenants,
    track,
    tracker,
    uploads,
    users,
)

# Every blueprint of the API. A new resource adds its line here; nothing is found by scanning.
BLUEPRINTS = (
    root.blp,
    health.blp,
    health.blp_003,
    metrics.blp,
    auth.blp,
    auth.blp_pages,
    tenants.blp,
    jobs.blp,
    track.blp,
    track.segment,
    events.blp,
    dead_letters.blp,
    uploads.blp,
    users.blp,
    tracker.blp,
    journeys.blp,
    shop_totals.blp,
)
