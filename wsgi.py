"""The composition root: `python wsgi.py` runs everything on this machine, `gunicorn wsgi:app` the web server alone."""

import sys

import manage
import settings
import supervisor
from errors import EcapError
from stores import logs


def main() -> int:
    """Supervise until a signal; the exit status."""
    try:
        settings.read_env_file()
        logs.configure(settings.current())
        supervisor.run(settings.current(), manage.migrate)
    except EcapError as problem:
        print(f"ECAP does not start: {problem.message}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
else:  # loaded by gunicorn; the application connects to nothing before its first request
    from api.app import create_app

    logs.configure(settings.current())
    app = create_app(settings.current())
