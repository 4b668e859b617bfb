"""``fivefifty demo`` as a program: start, stop, keep, forget, side by side, a taken port."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import pytest

from bot.core.errors import SettingError
from bot.demo import Demo, demo_folder


class Running:
    """The demo in a process of its own."""

    def __init__(self, home: Path, *more: str) -> None:
        self.command = [sys.executable, "-m", "bot", "demo", *more]
        self.temporary = home / "temporary"
        self.temporary.mkdir(exist_ok=True)
        self.environment = {
            **os.environ,
            "XDG_DATA_HOME": str(home),
            "TMPDIR": str(self.temporary),
            "PYTHONUNBUFFERED": "1",
        }
        self.seconds = 0.0
        self.url = ""

    def __enter__(self) -> Self:
        began = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            self.command,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        self.seconds = time.monotonic() - began
        assert line.startswith("Open http://127.0.0.1:"), line + str(self.process.stderr)
        self.url = line.split()[1]
        return self

    def __exit__(self, *exc: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def interrupt(self) -> tuple[int, str]:
        """Press Ctrl-C. Returns the exit code and what was written to standard error."""
        self.process.send_signal(signal.SIGINT)
        _, errors = self.process.communicate(timeout=20)
        return self.process.returncode, errors


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_it_starts_in_five_seconds(tmp_path: Path) -> None:
    """From the command to the address; the best of three, for machines that do more than this."""
    seconds = []
    for _ in range(3):
        with Running(tmp_path, "--port", "0") as demo:
            demo.interrupt()
        seconds.append(demo.seconds)

    assert min(seconds) <= 5


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    """Code 0, no traceback, no listening port, no process, no temporary file, no half-written database."""
    with Running(tmp_path, "--port", "0") as demo:
        code, errors = demo.interrupt()
        host, port = demo.url.removeprefix("http://").split(":")
        with socket.socket() as probe:
            refused = probe.connect_ex((host, int(port)))
        with pytest.raises(ProcessLookupError):
            os.killpg(demo.process.pid, 0)
    kept = {path.name for path in (tmp_path / "fivefifty/demo/0").iterdir()}

    assert code == 0
    assert errors.splitlines() == ["Starting fivefifty …"]
    assert refused != 0
    assert list(demo.temporary.iterdir()) == []
    assert {name for name in kept if name.endswith((".db-wal", ".db-shm", ".db-journal"))} == set()
    assert {"tickets.db", "tickets.jobs.db", "workspace.db"} <= kept


def test_two_live_side_by_side(tmp_path: Path, free_port: int) -> None:
    """Each port has files of its own."""
    with Running(tmp_path, "--port", "0"), Running(tmp_path, "--port", str(free_port)) as second:
        assert second.url.endswith(f":{free_port}")


@pytest.mark.parametrize("fresh", [False, True], ids=["taken", "taken and fresh"])
def test_a_taken_port_gives_one_line(tmp_path: Path, fresh: bool) -> None:
    """Exit code 2 and one line that names the port and the mend."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        demo = Running(tmp_path, "--port", str(port), *(["--fresh"] if fresh else []))
        done = subprocess.run(  # noqa: S603 - our own program
            demo.command, env=demo.environment, capture_output=True, text=True, timeout=30, check=False
        )

    lines = [line for line in done.stderr.splitlines() if not line.startswith("Starting")]
    assert done.returncode == 2
    assert len(lines) == 1
    assert str(port) in lines[0]
    assert "--port" in lines[0] or "choose another" in lines[0]


def test_the_same_demo_twice_gives_one_line(tmp_path: Path, free_port: int) -> None:
    """The second start on a port leaves the first one's files alone, with --fresh too."""
    with Running(tmp_path, "--port", str(free_port)) as first:
        second = Running(tmp_path, "--port", str(free_port), "--fresh")
        done = subprocess.run(  # noqa: S603 - our own program
            second.command, env=second.environment, capture_output=True, text=True, timeout=30, check=False
        )
        code, _ = first.interrupt()

    assert done.returncode == 2
    assert f"already runs on port {free_port}" in done.stderr
    assert code == 0


async def test_a_second_start_keeps_tickets_until_fresh_forgets(tmp_path: Path) -> None:
    """The ticket, the thread and its answer are there again, and the answer's buttons still work."""
    first = Demo(port=0, folder=tmp_path)
    await first.start()
    slack = first.slack
    post = await slack.post("alice", "support", "550 5.1.1 <x@initech.example>: User unknown")
    answer = await slack.wait_for(lambda: [each for each in slack.replies(post) if each.actions], 10)
    await slack.settled()
    await first.stop()

    again = Demo(port=0, folder=tmp_path)
    await again.start()
    slack = again.slack
    assert slack.now(answer[0]).words.startswith(answer[0].words.splitlines()[0])
    await slack.click(answer[0], "ticket_escalate", "alice")
    await slack.modal("alice")
    await again.stop()

    fresh = Demo(port=0, folder=tmp_path, fresh=True)
    await fresh.start()
    slack = fresh.slack
    messages = slack.messages("support")
    await fresh.stop()

    assert messages == []


async def test_it_asks_its_own_name_server_alone(tmp_path: Path) -> None:
    """Evidence comes from the zone: a listing is found, and the slow list could not be checked."""
    demo = Demo(port=0, folder=tmp_path)
    await demo.start()
    slack = demo.slack
    listed = await slack.post(
        "alice",
        "support",
        "554 5.7.1 Service unavailable; Client host [192.0.2.44] blocked using zen.spamhaus.org",
    )
    slow = await slack.post(
        "alice",
        "support",
        "554 5.7.1 Service unavailable; Sender address [news@deals.example] blocked using dbl.spamhaus.org",
    )

    def evidence() -> str | None:
        texts = [answer.words for post in (listed, slow) for answer in slack.replies(post)]
        whole = "\n".join(texts)
        return whole if "listed" in whole and "ould not check" in whole else None

    words = await slack.wait_for(evidence, 10)
    await demo.stop()

    assert "zen.spamhaus.org for 192.0.2.44: listed, 127.0.0.4" in words
    assert "dbl.spamhaus.org for deals.example" in words


def test_the_folder_follows_xdg(tmp_path: Path) -> None:
    """XDG_DATA_HOME where it is an absolute path, else the home's own folder."""
    assert demo_folder(5500, {"XDG_DATA_HOME": str(tmp_path)}) == tmp_path / "fivefifty/demo/5500"
    assert demo_folder(5501, {"XDG_DATA_HOME": "relative"}).parts[-4:] == (
        "share",
        "fivefifty",
        "demo",
        "5501",
    )


async def test_a_folder_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    """A file where the folder should be."""
    (tmp_path / "taken").write_text("")

    with pytest.raises(Exception, match="cannot keep its files") as caught:
        await Demo(port=0, folder=tmp_path / "taken").start()
    assert not isinstance(caught.value, SettingError | OSError)
