"""An operator with a shell, who pastes what stands in docs/operations.md.

The commands are the page's own, run by bash with the AWS command line and jq. The emulator keeps no past of a table, so
one thing this `aws` does by itself: asked for a table as it was at some time, it restores the backup that was made of
it at that very time, and refuses any other. And it writes items as version 2 does, which the page asks for: bytes are
base64 on the way in as on the way out. PyPI has version 1, which takes them as they stand, and so would spoil them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from reprise_dev.building.environments import ENVIRONMENTS, ROOT
from reprise_dev.local.deployment import STACK
from reprise_dev.local.emulator import REGION
from reprise_dev.local.world import World

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
TOOLS = ENVIRONMENTS["cli"].folder / "bin"
WITHIN_S = 300

WRITE_ITEMS = """import base64, json, os, sys
from botocore.session import Session

def plain(value):
    if isinstance(value, list):
        return [plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"B"}:
        return {"B": base64.b64decode(value["B"], validate=True)}
    return {name: plain(each) for name, each in value.items()}

client = Session().create_client("dynamodb", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
print(json.dumps(client.batch_write_item(RequestItems=plain(json.load(sys.stdin)))["UnprocessedItems"]))
"""
AWS = f"""#!/bin/bash
if [ "$2" = batch-write-item ]; then exec "{sys.executable}" "$(dirname "$0")/write_items.py"; fi
if [ "$2" = restore-table-to-point-in-time ]; then
  backup="$PAST/$8/$4"
  [ -f "$backup" ] || {{ echo "nobody knows what $4 was at $8" >&2; exit 254; }}
  set -- dynamodb restore-table-from-backup --target-table-name "$6" --backup-arn "$(cat "$backup")"
fi
exec "{TOOLS}/aws" "$@"
"""


def blocks(part: str) -> list[str]:
    """The commands of a part of the page, in the order in which they are pasted."""
    return re.findall(r"^ *```sh\n(.*?)^ *```", part, re.DOTALL | re.MULTILINE)


def filled_in(commands: str, **values: str) -> str:
    """The commands with what an operator sets by hand. Fails for a variable that is not set there exactly once."""
    for name, value in values.items():
        commands, found = re.subn(rf"^( *(?:export )?{name}=)\S*", rf"\g<1>{value}", commands, flags=re.MULTILINE)
        assert found == 1, f"{name} is set {found} times"
    return commands


class Operator:
    """Works in `folder`, with all rights in the account."""

    def __init__(self, world: World, folder: Path) -> None:
        self._world = world
        self._folder = folder
        tools = folder / "bin"
        tools.mkdir()
        (tools / "aws").write_text(AWS, encoding="utf-8")
        (tools / "aws").chmod(0o755)
        (tools / "write_items.py").write_text(WRITE_ITEMS, encoding="utf-8")
        (tools / "jq").symlink_to(shutil.which("jq") or TOOLS / "jaq")

    def past_of(self, tables: Sequence[str]) -> str:
        """Have these tables kept as they are now. Returns the time, as the page writes one.

        What was done before lies in an earlier second, and what is done after in a later one: S3 tells no more.
        """
        time.sleep(1.1)
        now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        past = self._folder / "past" / now
        past.mkdir(parents=True)
        dynamodb = self._world.stack.emulator.client("dynamodb")
        for name in tables:
            made = dynamodb.create_backup(TableName=self._world.stack[name], BackupName=name)
            (past / self._world.stack[name]).write_text(made["BackupDetails"]["BackupArn"], encoding="utf-8")
        time.sleep(1.1)
        return now

    def pastes(self, commands: str) -> str:
        """What the commands say, after those at the top of the page. Fails if one of them fails or complains."""
        top = filled_in(blocks(PAGE)[0], AWS_DEFAULT_REGION=REGION, STACK=STACK)
        env = {
            "PATH": f"{self._folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self._folder),
            "AWS_ENDPOINT_URL": self._world.stack.emulator.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "PAST": str(self._folder / "past"),
        }
        done = subprocess.run(
            ["bash", "-c", f"set -e -o pipefail\n{top}\n{commands}"],
            env=env,
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=WITHIN_S,
        )
        assert (done.returncode, done.stderr) == (0, ""), f"{done.stdout}\n{done.stderr}"
        return done.stdout
