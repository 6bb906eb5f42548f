"""The embedded servers: they start, refuse a second starter, and lose nothing when they are killed."""

import settings
from stores import clickhouse, embedded


def test_a_command_beside_running_servers_uses_them(servers):
    assert embedded.connect(settings.current()).children == {}


def test_each_shop_is_new(tenant, other_tenant):
    assert tenant != other_tenant
    assert clickhouse.query("SELECT 1 AS one") == [{"one": 1}]
