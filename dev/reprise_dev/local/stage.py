"""Sets the stage: emulator, build, deployment, music server, mail relay, and the API at a fixed address."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from reprise_dev.doubles.supysonic_server import SupysonicServer
from reprise_dev.local.deployment import Stack, deploy, sam_build
from reprise_dev.local.emulator import REGION, Emulator, running_emulator
from reprise_dev.local.processes import LOOPBACK, free_port, is_free
from reprise_dev.local.proxy import running_proxy
from reprise_dev.local.relay import PASSWORD_PARAMETER, MailRelay, OpenRelay, open_relay
from reprise_dev.local.terminal import Terminal
from reprise_dev.local.world import Account, World
from reprise_dev.samples.music_library import LibrarySong, write_library

INTERVAL = timedelta(hours=1)
SENDER = "reprise@example.org"
DEMO_USER = "demo"
# Nobody listens there, but only with a topic are there alarms to deploy.
ALARM_TOPIC = f"arn:aws:sns:{REGION}:000000000000:alarms"


@contextmanager
def set_stage(
    folder: Path,
    terminal: Terminal,
    *,
    songs: Sequence[LibrarySong],
    own: Account | None,
    port: int,
    relay: OpenRelay = open_relay,
    parameters: Mapping[str, str] | None = None,
) -> Iterator[World]:
    """Everything running, or nothing. `own` is a person's own account; None starts a music server with `songs`.
    `parameters` of the template are set besides those that the stage itself needs.
    """
    with ExitStack() as stack:
        chosen = port if port and is_free(port) else free_port()
        if port and chosen != port:
            terminal.say(f"  port {port} is taken, so the API gets {chosen}")
        with ThreadPoolExecutor(max_workers=1) as pool:
            # The build takes the longest and needs nothing of the rest.
            building = pool.submit(sam_build, folder / "build")
            with terminal.step("mail relay that delivers nothing") as notes:
                mail = stack.enter_context(relay(folder))
                notes.append(f"{LOOPBACK}:{mail.sink.port}")
            with terminal.step("AWS emulator, IAM enforced") as notes:
                emulator = stack.enter_context(running_emulator(folder, trust=mail.trust))
                _keep_password(emulator, mail)
                notes.append(emulator.url)
            account = own or stack.enter_context(_demo_server(folder, songs, terminal))
            with terminal.step("sam build: layers and functions"):
                built = building.result()
        with terminal.step("stack created from the built template") as notes:
            deployed = deploy(emulator, built, {**_parameters(account, mail, chosen), **(parameters or {})})
            notes.append(f"{len(deployed.resources)} resources")
        address = stack.enter_context(_api(deployed, chosen))
        yield World(stack=deployed, address=address, account=account, relay=mail.sink)


def _keep_password(emulator: Emulator, mail: MailRelay) -> None:
    """Where the operator of an instance would put it."""
    if mail.password:
        emulator.client("ssm").put_parameter(Name=PASSWORD_PARAMETER, Value=mail.password, Type="SecureString")


def _parameters(account: Account, mail: MailRelay, port: int) -> dict[str, str]:
    return {
        "MusicServerUrl": account.server_url,
        "AllowPlainHttp": "true",  # the way to it begins and ends on this machine, or is its operator's own
        "SyncIntervalMinutes": str(int(INTERVAL.total_seconds()) // 60),
        "PublicUrl": f"http://{LOOPBACK}:{port}",
        "EmailTransport": "smtp",
        "EmailFrom": SENDER,
        **mail.parameters,
        "AlarmTopicArn": ALARM_TOPIC,
    }


@contextmanager
def _demo_server(folder: Path, songs: Sequence[LibrarySong], terminal: Terminal) -> Iterator[Account]:
    password = secrets.token_urlsafe(12)
    music = folder / "music"
    with terminal.step("music server (Supysonic) over a made library") as notes:
        write_library(music, songs)
        server = SupysonicServer(music, {DEMO_USER: password}).start()
        notes.append(f"{len(songs)} songs, {server.url}")
    try:
        yield Account(server_url=server.url, username=DEMO_USER, password=password, ours=True)
    finally:
        server.stop()


@contextmanager
def _api(stack: Stack, port: int) -> Iterator[str]:
    with running_proxy(port, backend_port=stack.emulator.port, backend_path=stack.api_path) as address:
        yield address
