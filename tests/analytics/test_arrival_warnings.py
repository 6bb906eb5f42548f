"""What is wrong with what arrives, each with an example."""

from datetime import timedelta

from analytics import arrival_warnings, debugger
from analytics.arrival_warnings import Warning
from tests import recorded
from tests.recorded import AT, MINUTE

MIDNIGHT = AT.replace(hour=0)
NOW = AT + timedelta(hours=1)


def test_each_kind_of_trouble_is_named_counted_and_shown_by_an_example(tenant):
    recorded.rejected(tenant, b'{"event_type": "x"}', "No visitor and no user", at=AT + MINUTE)
    newest = recorded.rejected(tenant, b'{"event_type": "x"}', "No visitor and no user", at=AT + 2 * MINUTE, origin="segment")
    _, bare, flagged, named = recorded.session(
        tenant,
        ("purchase", {"revenue": "10"}),
        ("purchase", {"origin": "segment"}),
        ("view_item", {"time_flag": "corrected"}),
        "Lamp Configured",
    )
    found = arrival_warnings.run(tenant, MIDNIGHT, NOW)
    assert found == [
        Warning("rejected", "No visitor and no user", 2, None, ["segment", "server"], AT + MINUTE, f"rejected:{newest}"),
        Warning("new_name", "Lamp Configured", 1, None, ["browser"], AT + 3 * MINUTE, f"event:{named}"),
        Warning("clock", "corrected", 1, None, ["browser"], AT + 2 * MINUTE, f"event:{flagged}"),
        Warning("no_amount", "purchase", 1, 2, ["segment"], AT + MINUTE, f"event:{bare}"),
    ]
    assert [debugger.one(tenant, warning.example).sent for warning in found] == ["x", "Lamp Configured", "view_item", "purchase"]


def test_names_of_the_last_weeks_other_days_uploads_and_other_shops_are_no_trouble(tenant, other_tenant):
    recorded.session(tenant, "Lamp Configured", at=AT - timedelta(days=3))
    recorded.session(tenant, "Lamp Configured", session="s2")
    recorded.session(tenant, "purchase", session="s3", import_id="i1")
    recorded.rejected(tenant, b"{}", "yesterday", at=AT - timedelta(days=1))
    recorded.session(other_tenant, "purchase")
    recorded.rejected(other_tenant, b"{}", "theirs")
    assert arrival_warnings.run(tenant, MIDNIGHT, NOW) == []
