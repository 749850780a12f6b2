"""The environments under .local/: what pip is told holds for uv, and nothing is fetched twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from reprise_dev.building import environments
from reprise_dev.building.environments import LOCAL, read_pip_settings, uv_environment


def test_pip_settings_are_read_with_the_environment_first() -> None:
    listing = """\
:env:.index-url='https://env.example.org/simple'
global.index-url='https://global.example.org/simple'
install.index-url='https://install.example.org/simple'
global.cert='/etc/ca.pem'
freeze.timeout='3'
"""

    assert read_pip_settings(listing) == {"index-url": "https://env.example.org/simple", "cert": "/etc/ca.pem"}


def test_several_find_links_on_lines_of_their_own(tmp_path: Path) -> None:
    settings = read_pip_settings(f"global.find-links='\\n{tmp_path}\\nhttps://links.example.org\\n/not/there'\n")

    told = uv_environment(settings, {})

    assert told["UV_FIND_LINKS"] == f"{tmp_path},https://links.example.org"


@pytest.mark.parametrize(
    ("option", "value", "variable"),
    [
        ("index-url", "https://mirror.example.org/simple", "UV_DEFAULT_INDEX"),
        ("extra-index-url", "https://more.example.org/simple", "UV_EXTRA_INDEX_URL"),
        ("trusted-host", "mirror.example.org", "UV_INSECURE_HOST"),
        ("cert", "/etc/ca.pem", "SSL_CERT_FILE"),
        ("proxy", "http://proxy.example.org:3128", "HTTPS_PROXY"),
        ("default-timeout", "180", "UV_HTTP_TIMEOUT"),
    ],
)
def test_uv_is_told_what_pip_is_told(option: str, value: str, variable: str) -> None:
    assert uv_environment({option: value}, {})[variable] == value


def test_what_is_set_for_uv_itself_stays() -> None:
    told = uv_environment(
        {"index-url": "https://pip.example.org", "cert": "/pip.pem"},
        {"UV_INDEX_URL": "https://uv.example.org", "SSL_CERT_FILE": "/own.pem", "UV_INDEX_STRATEGY": "first-index"},
    )

    assert "UV_DEFAULT_INDEX" not in told
    assert told["UV_INDEX_URL"] == "https://uv.example.org"
    assert told["SSL_CERT_FILE"] == "/own.pem"
    assert told["UV_INDEX_STRATEGY"] == "first-index"


@pytest.mark.parametrize(("text", "variable"), [("true", "1"), ("1", "1"), ("false", None)])
def test_no_index_is_passed_on(text: str, variable: str | None) -> None:
    assert uv_environment({"no-index": text}, {}).get("UV_NO_INDEX") == variable


def test_uv_writes_into_the_project_only() -> None:
    told = uv_environment({}, {"UV_CACHE_DIR": "/somewhere/else"})

    assert told["UV_CACHE_DIR"] == str(LOCAL / "uv-cache")
    assert told["UV_PYTHON_DOWNLOADS"] == "never"


def test_an_environment_that_does_not_exist_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environments, "uv_program", lambda: Path("uv"))

    assert environments.main(["run", "nonsense"]) == 1
    assert "no such environment: nonsense" in capsys.readouterr().err


def test_a_python_without_venv_says_where_it_is_to_be_had(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(environments, "LOCAL", tmp_path)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    assert environments.main(["uv"]) == 1
    assert "python3-venv" in capsys.readouterr().err


def test_every_environment_has_its_lock() -> None:
    for each in environments.ENVIRONMENTS.values():
        assert "--hash=sha256:" in (environments.ROOT / each.lock).read_text(encoding="utf-8")
