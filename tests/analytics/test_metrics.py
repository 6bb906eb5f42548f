"""docs/metrics.md says of each metric what analytics/metrics.py says, so that people and code mean the same."""

import re
from pathlib import Path

from analytics.metrics import METRICS

DOCUMENT = Path(__file__).parents[2] / "docs" / "metrics.md"
ROW = re.compile(r"^\| `(\w+)` \| ([^|]+) \| (\w+) \| ([^|]+) \|", re.MULTILINE)


def test_the_document_lists_every_metric_with_its_name_unit_and_definition():
    said = {key: (name.strip(), unit, definition.strip()) for key, name, unit, definition in ROW.findall(DOCUMENT.read_text())}

    assert said == {key: (metric.name, metric.unit, metric.definition) for key, metric in METRICS.items()}
    assert all(key == metric.key for key, metric in METRICS.items())
