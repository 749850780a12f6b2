"""Writes template.yaml's alarms and dashboard, between its markers, from the table in `watched.py`: `make watching`."""

from __future__ import annotations

from pathlib import Path

from reprise_dev.building.alarms import alarms
from reprise_dev.building.dashboard import widgets
from reprise_dev.measuring.marked_text import YAML, with_between

TEMPLATE = Path(__file__).parents[3] / "template.yaml"
MARK = "watching"


def section() -> str:
    """What stands between the markers."""
    return "\n".join(
        [
            *(alarm.text for alarm in alarms()),
            "",
            "  Dashboard:",
            "    Type: AWS::CloudWatch::Dashboard",
            "    Properties:",
            "      # Names of dashboards are the whole account's, not a region's.",
            '      DashboardName: !Sub "${AWS::StackName}-${AWS::Region}"',
            "      DashboardBody: !Sub |",
            "        {",
            '          "start": "-P1D",',
            '          "widgets": [',
            ",\n".join(widgets()),
            "          ]",
            "        }",
        ]
    )


def main() -> None:
    text = TEMPLATE.read_text(encoding="utf-8")
    TEMPLATE.write_text(with_between(text, MARK, section(), YAML), encoding="utf-8")


if __name__ == "__main__":
    main()
