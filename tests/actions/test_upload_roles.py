"""The roles of columns."""

from actions import upload_roles


def test_each_kind_offers_its_roles_and_order_lines_keep_no_properties():
    assert list(upload_roles.choices("profiles").items()) == [
        ("person", "Person"),
        ("full_name", "Name"),
        ("email", "Email"),
        ("keep", "Keep as property"),
        ("ignore", "Ignore"),
    ]
    assert "keep" not in upload_roles.choices("orders")


def test_what_a_kind_needs_is_among_its_roles():
    for kind, groups in upload_roles.REQUIRED.items():
        assert {role for group in groups for role in group} <= set(upload_roles.ROLES[kind])


def test_headings_are_written_as_they_are_compared():
    for roles in upload_roles.ROLES.values():
        for role in roles.values():
            assert all(heading.isalnum() and heading == heading.lower() for heading in role.headings)
