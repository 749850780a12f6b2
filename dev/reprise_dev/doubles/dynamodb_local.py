"""Amazon's own DynamoDB Local as the judge of conditions, transactions and expressions: stricter than any imitation.

    python -m reprise_dev.doubles.dynamodb_local -- pytest tests/contract/stores

Fetches it with Maven on the first use (needs a JDK, 17 or later), starts it on a free loopback port, and runs the
command with `REPRISE_DYNAMODB_LOCAL` naming it. It ends with the command, and with this process whatever ends that.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

VERSION = "2.5.2"
ENDPOINT_VARIABLE = "REPRISE_DYNAMODB_LOCAL"

_HOME = Path(__file__).resolve().parents[3] / ".local" / "dynamodb-local"

# Maven's own settings say where artifacts come from.
_POM = f"""\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>reprise</groupId>
  <artifactId>dynamodb-local</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>com.amazonaws</groupId>
      <artifactId>DynamoDBLocal</artifactId>
      <version>{VERSION}</version>
    </dependency>
  </dependencies>
</project>
"""

# By itself it listens on every interface and has no option against that: its Jetty connector is told here. It takes
# whatever port is free, says which, and leaves when nobody holds its standard input any more.
_LAUNCHER = """\
import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

public class Loopback {
    public static void main(String[] arguments) throws Exception {
        var proxy = ServerRunner.createServerFromCommandLineArgs(arguments);
        var field = proxy.getClass().getDeclaredField("server");
        field.setAccessible(true);
        var connector = (ServerConnector) ((Server) field.get(proxy)).getConnectors()[0];
        connector.setHost("127.0.0.1");
        connector.setPort(0);
        proxy.start();
        System.out.println("listening on " + connector.getLocalPort());
        while (System.in.read() != -1) { }
        System.exit(0);
    }
}
"""


class Unavailable(Exception):
    """DynamoDB Local cannot be fetched or started here. The message says what is missing."""


def fetch() -> Path:
    """The folder of its jars and native libraries, downloaded when it is not there yet."""
    libraries = _HOME / VERSION
    if libraries.is_dir():
        return libraries
    for tool in ("java", "mvn"):
        if shutil.which(tool) is None:
            raise Unavailable(f"{tool} is not installed; DynamoDB Local needs a JDK (17 or later) and Maven")
    _HOME.mkdir(parents=True, exist_ok=True)
    pom, partial = _HOME / "pom.xml", _HOME / f"{VERSION}.partial"
    pom.write_text(_POM)
    shutil.rmtree(partial, ignore_errors=True)
    command = [
        "mvn",
        "--quiet",
        "--batch-mode",
        f"--file={pom}",
        f"-Dmaven.repo.local={_HOME / 'maven'}",
        "dependency:copy-dependencies",
        f"-DoutputDirectory={partial}",
    ]
    if subprocess.run(command, check=False).returncode != 0:
        raise Unavailable("Maven could not fetch DynamoDB Local")
    return partial.rename(libraries)


@contextmanager
def running() -> Iterator[str]:
    """Its endpoint, while it runs; in memory, so it begins empty."""
    libraries = fetch()
    launcher = _HOME / "Loopback.java"
    launcher.write_text(_LAUNCHER)
    command = [
        "java",
        f"-Djava.library.path={libraries}",
        "--class-path",
        f"{libraries}/*",
        str(launcher),
        "-inMemory",
        "-disableTelemetry",
    ]
    log_path = _HOME / "server.log"
    with (
        log_path.open("wb") as log,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log) as server,
    ):
        try:
            yield f"http://127.0.0.1:{_port(server)}"
        finally:
            server.kill()


def main(arguments: Sequence[str]) -> int:
    """Run a command beside it; returns the command's exit status."""
    command = list(arguments[1:] if arguments[:1] == ["--"] else arguments)
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with running() as endpoint:
            path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
            environment = {**os.environ, "PATH": path, ENDPOINT_VARIABLE: endpoint}
            return subprocess.run(
                [shutil.which(command[0], path=path) or command[0], *command[1:]], env=environment, check=False
            ).returncode
    except Unavailable as problem:
        print(problem, file=sys.stderr)
        return 1


def _port(server: subprocess.Popen[bytes]) -> int:
    if server.stdout is None:
        raise Unavailable("DynamoDB Local has no output to read")
    for line in server.stdout:
        if line.startswith(b"listening on "):
            return int(line.removeprefix(b"listening on "))
    raise Unavailable(f"DynamoDB Local did not start; see {_HOME / 'server.log'}")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
