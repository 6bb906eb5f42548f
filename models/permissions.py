"""Who may what: the roles and permissions of both documented APIs in one table."""

# Everything that can be granted. The dotted names and those with a colon come from different documents.
ALL = frozenset(
    """
    users.view users.create users.update users.delete
    products.view products.create products.update products.delete products.manage_inventory
    cart.view cart.manage
    orders.view orders.view_all orders.update
    analytics.view analytics.view_detailed analytics.view_own
    system.admin system.settings system.ml_models
    admin_dashboard assign_roles view_user_segmentation manage_user_segmentation
    read:analytics write:analytics read:customers write:customers read:fraud write:fraud manage:fraud_rules
    read:business_intelligence export:data manage:users manage:system write:events
    """.split()
)

# Who holds the left one holds the right ones, too. `write:events` alone is what a published key may do, so it implies nothing.
IMPLIED = {
    "analytics.view": ("read:analytics",),
    "read:analytics": ("analytics.view",),
    "write:analytics": ("write:events",),
}

ROLES = {
    "customer": "products.view cart.view cart.manage orders.view analytics.view_own",
    "manager": (
        "products.view products.update products.manage_inventory orders.view orders.view_all orders.update analytics.view users.view "
        "read:analytics read:customers read:fraud read:business_intelligence write:analytics"
    ),
    "admin": "*",
    "analyst": "read:analytics read:customers read:fraud read:business_intelligence",
    "viewer": "read:analytics read:customers",
    "api_user": "",  # what its key is granted
}


def expand(names: str | list[str] | tuple[str, ...]) -> frozenset[str]:
    """All permissions that these names give: `*` is everything, `users.*` all of users, an alias both names, an unknown name nothing."""
    wanted = names.split() if isinstance(names, str) else names
    granted = {name for wish in wanted for name in ALL if _matches(wish, name)}
    return frozenset(granted.union(*(IMPLIED.get(name, ()) for name in granted)))


def of_role(role: str) -> frozenset[str]:
    """The permissions of a role; an unknown role has none."""
    return expand(ROLES.get(role, ""))


def _matches(wish: str, name: str) -> bool:
    return wish in ("*", name) or (wish.endswith((".*", ":*")) and name.startswith(wish[:-1]))
