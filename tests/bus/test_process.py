"""The life of the router's process: started, ended, restarted, and never left behind."""

import json
import os
import queue
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chalkbell.router.__main__ import main, settings_of
from chalkbell.router.configuration import ROUTER_DIRECTORY, RouterSettings, write_node
from chalkbell.router.keys import NAMES, UnsafeKeys, make_keys, read_seed
from chalkbell.router.process import DataInUse, RouterNotStarted, RouterProcess, Supervisor, answers, becomes_ready
from tests.routing import Router, free_port

ROOT = Path(__file__).parents[2]


@pytest.fixture
def idle() -> Iterator[Router]:
    """A router that was not started, and is closed in any case."""
    router = Router()
    yield router
    router.close()


def test_keys_are_made_once_even_by_many_at_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    directory = tmp_path / "keys"
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda _: dict(make_keys(directory)), range(16)))
    assert all(keys == made[0] for keys in made)
    assert len(set(made[0].values())) == len(NAMES)
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir()} == {
        f"{name}.key": 0o600 for name in NAMES
    }


def test_a_key_that_others_can_read_or_that_is_none_is_refused(tmp_path: Path) -> None:
    make_keys(tmp_path)
    (tmp_path / "workflow.key").chmod(0o640)
    with pytest.raises(UnsafeKeys, match="chmod 600"):
        read_seed(tmp_path, "workflow")
    (tmp_path / "gateway.key").write_text("not a key")
    with pytest.raises(UnsafeKeys, match="not a key"):
        read_seed(tmp_path, "gateway")


def test_what_a_node_holds_is_for_its_owner_alone_and_its_socket_path_never_too_long(tmp_path: Path) -> None:
    settings = RouterSettings(data=tmp_path / ("long" * 30))
    config = write_node(settings)
    assert stat.S_IMODE(settings.node.stat().st_mode) == 0o700
    assert stat.S_IMODE(settings.services_socket.parent.stat().st_mode) == 0o700
    assert len(os.fsencode(settings.services_socket)) <= 107
    assert all(read_seed(settings.keys, name) not in config.read_text() for name in NAMES)
    settings.services_socket.parent.rmdir()


def test_no_role_is_anonymous_and_every_public_limit_is_set(tmp_path: Path) -> None:
    worker = json.loads(write_node(RouterSettings(data=tmp_path)).read_text())["workers"][0]
    assert {role["name"] for role in worker["realms"][0]["roles"]}.isdisjoint({"anonymous", "trusted"})
    people, services = worker["transports"]
    assert set(people["paths"]["ws"]["auth"]) == {"ticket"}
    assert set(services["auth"]) == {"ticket", "cryptosign"}
    options = people["paths"]["ws"]["options"]
    for limit in ("max_frame_size", "max_message_size", "auto_ping_interval", "auto_ping_timeout", "open_handshake_timeout"):
        assert options[limit] > 0
    assert options["allowed_origins"] == ["http://127.0.0.1:8080", "http://localhost:8080"]
    assert people["max_connections"] > 0
    assert services["options"]["max_message_size"] > 0


def test_a_second_router_on_the_same_data_is_refused(router: Router) -> None:
    with pytest.raises(DataInUse, match="another router runs"):
        RouterProcess(router.settings).start()
    assert answers(router.settings)


def test_a_start_that_fails_says_why_and_leaves_nothing(idle: Router, router: Router) -> None:
    taken = RouterSettings(data=idle.directory, port=router.settings.port)
    process = RouterProcess(taken)
    with pytest.raises(RouterNotStarted, match="Address already in use"):
        process.start()
    assert process.pid is None


def test_a_killed_router_comes_back_on_the_same_addresses_with_the_same_keys(idle: Router) -> None:
    idle.start()
    before = idle.key("workflow").role
    idle.restart()
    assert idle.key("workflow").role == before


@pytest.mark.parametrize("victim", ["controller", "worker"])
def test_the_supervisor_starts_a_router_that_died_again_and_ends_it_for_good(idle: Router, victim: str) -> None:
    said: queue.SimpleQueue[str] = queue.SimpleQueue()
    supervisor = Supervisor(idle.settings, said.put)
    supervisor.start()
    controller = supervisor.router.pid
    assert controller is not None
    os.kill(controller if victim == "controller" else child_of(controller), signal.SIGKILL)
    assert any("ready again" in line for line in iter(lambda: said.get(timeout=30), None))
    assert idle.key("workflow").role == "service-workflow"
    assert supervisor.restarts == 1
    idle.leave()
    supervisor.stop()
    assert not answers(idle.settings)
    assert not group_lives(controller)


def test_nothing_is_left_when_the_supervisor_itself_is_killed(idle: Router) -> None:
    program = f"""
import sys
from pathlib import Path
from chalkbell.router.configuration import RouterSettings
from chalkbell.router.process import Supervisor
supervisor = Supervisor(RouterSettings(data=Path({str(idle.directory)!r}), port={idle.settings.port}), print)
supervisor.start()
print(supervisor.router.pid, flush=True)
sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as supervisor:
        assert supervisor.stdout is not None
        controller = int(supervisor.stdout.readline())
        supervisor.kill()
    # Whoever can take the node again knows that the router before has gone.
    idle.start()
    assert idle.process.pid != controller
    assert idle.key("workflow").role == "service-workflow"


def test_the_containers_router_takes_services_over_tcp_and_says_when_it_is_ready(tmp_path: Path) -> None:
    """It runs in the router's own environment, which has nothing else of ours."""
    python = str(ROUTER_DIRECTORY / ".venv" / "bin" / "python")
    environment = {
        "PATH": os.environ["PATH"],
        "CHALKBELL_DATA": str(tmp_path),
        "CHALKBELL_PORT": str(free_port()),
        "CHALKBELL_ROUTER_SERVICES_PORT": str(free_port()),
        "CHALKBELL_PUBLIC_URL": "https://bell.campus.example/",
    }
    line = [python, "-m", "chalkbell.router"]
    settings = settings_of(environment)
    assert "https://bell.campus.example:443" in settings.allowed_origins
    assert settings.secure
    ready = [*line, "ready"]
    assert subprocess.run(ready, cwd=ROOT, env=environment, check=False).returncode == 3
    with subprocess.Popen(line, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        try:
            assert becomes_ready(settings, lambda: child.poll() is None)
            assert subprocess.run(ready, cwd=ROOT, env=environment, check=False).returncode == 0
        finally:
            child.terminate()
        assert child.wait(30) == 0
    assert not answers(settings)


def test_a_wrong_setting_of_the_containers_router_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], {"CHALKBELL_PORT": "many"}) == 2
    assert "CHALKBELL_PORT needs a port" in capsys.readouterr().err


def child_of(process_id: int) -> int:
    """The one child of a process."""
    return int(Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()[0])


def group_lives(group: int) -> bool:
    """Whether any process of a group is left that is more than a name."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, process_group = status.read_text().rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(process_group) == group and state not in "ZX":
            return True
    return False


def test_output_is_heard_once_it_is_ready_and_kept_in_any_case(idle: Router) -> None:
    heard: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
    process = RouterProcess(idle.settings, lambda line: heard.put((threading.current_thread().name, line)))
    process.start()
    assert heard.empty()
    process.stop()
    thread, line = heard.get(timeout=10)
    assert thread == "router output"
    assert "SIGTERM" in line
