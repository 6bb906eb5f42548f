"""Applications with other settings than the environment's."""

from dataclasses import replace

import pytest

import settings
from api.app import create_app


@pytest.fixture(scope="session")
def production(servers):
    """The application as it is in production, on the stores of the tests."""
    app = create_app(replace(settings.current(), environment="production", secret_key="p" * 48, admin_password="a password of our own"))
    app.testing = True
    return app
