"""Rewrite the pins of requirements*.txt with the newest versions that install together."""

import re
import subprocess
import sys
import tempfile
from importlib.metadata import distributions
from pathlib import Path

PROJECT = Path(__file__).parent.parent
FILES = [PROJECT / "requirements.txt", PROJECT / "requirements-dev.txt"]
PIN = re.compile(r"^([\w.-]+)(\[[\w,]+\])?==(\S+)$", re.M)


def main() -> None:
    """Install every name without its pin in a folder of its own, then write down what came."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        names = [name + (extra or "") for file in FILES for name, extra, _ in PIN.findall(file.read_text())]
        subprocess.run([f"{folder}/bin/pip", "install", "-q", *names], check=True)
        packages = next(Path(folder).glob("lib/python*/site-packages"))
        versions = {_plain(found.metadata["Name"]): found.version for found in distributions(path=[str(packages)])}
    for file in FILES:
        file.write_text(PIN.sub(lambda pin: f"{pin[1]}{pin[2] or ''}=={versions[_plain(pin[1])]}", file.read_text()))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    main()
