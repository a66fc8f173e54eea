"""docker-compose.yml and Dockerfile keep the house's rules; no engine is needed to see that."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from chalkbell.contracts import SERVICES
from chalkbell.settings import Campus, variable
from tests.compose.containers import ROOT

Service = dict[str, Any]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
ALL: dict[str, Service] = COMPOSE["services"]
ONE_SHOT = {"first-start", "chalkbell"}
#: What looks on, from images that others make.
WATCHERS = {"prometheus", "grafana"}
EVERY = pytest.mark.parametrize("name", sorted(ALL))
EVERY_SERVICE = pytest.mark.parametrize("name", SERVICES)


def mounts(name: str) -> dict[str, str]:
    """The volumes of a container, by the place where they are mounted."""
    return {
        place.removesuffix(":ro"): volume for volume, _, place in (each.partition(":") for each in ALL[name].get("volumes", []))
    }


def test_who_is_there() -> None:
    """A container for each service, the router, PostgreSQL 16; mail catcher, watchers and the operator's command only when asked for."""
    assert set(ALL) == {*SERVICES, *WATCHERS, "router", "postgresql", "first-start", "mail", "chalkbell"}
    assert {name: each["profiles"] for name, each in ALL.items() if "profiles" in each} == {
        "mail": ["mail"],
        "prometheus": ["watch"],
        "grafana": ["watch"],
        "chalkbell": ["operator"],
    }
    assert ALL["postgresql"]["image"] == "postgres:16"
    for name in SERVICES:
        assert ALL[name]["command"] == ["python", "-m", f"services.{name}"]


@EVERY
def test_locked_down(name: str) -> None:
    """Nobody is root, writes to the image, has a capability or can get one; memory, processes and logs have bounds."""
    service = ALL[name]
    assert service["user"] in ("10001:10001", "postgres", "65534:65534", "472:0")
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["pids_limit"]
    assert service["mem_limit"]
    assert service["logging"]["options"]["max-size"]
    assert not any("docker.sock" in volume for volume in service.get("volumes", []))


@EVERY
def test_nothing_fixed_that_would_be_there_twice(name: str) -> None:
    """No container has a name or address of its own, and only the router and the dashboard have a port of the host's."""
    service = ALL[name]
    assert not {"container_name", "hostname", "links", "expose"} & set(service)
    networks = service.get("networks", [])
    assert isinstance(networks, list), "an entry with an address of its own would not be a list's"
    assert ("ports" in service) == (name in {"router", "grafana"})
    assert service.get("network_mode", "none") == "none"


def test_the_one_port() -> None:
    """The router's port can be chosen, is this machine's alone unless somebody says otherwise, and is the same inside."""
    assert ALL["router"]["ports"] == ["${CHALKBELL_HOST:-127.0.0.1}:${CHALKBELL_PORT:-8080}:${CHALKBELL_PORT:-8080}"]
    assert ALL["router"]["environment"]["CHALKBELL_PORT"] == "${CHALKBELL_PORT:-8080}"


@pytest.mark.parametrize("name", sorted(set(ALL) - ONE_SHOT))
def test_health_and_restart(name: str) -> None:
    """What runs on is looked at, and started again when it ends; one process reaps and passes signals on."""
    service = ALL[name]
    check = service["healthcheck"]
    assert check["test"][0] == "CMD"
    assert {"interval", "timeout", "retries", "start_period"} < set(check)
    assert service["restart"] == "unless-stopped"
    assert service["init"] is True


@pytest.mark.parametrize("name", sorted(ONE_SHOT))
def test_what_ends_stays_ended(name: str) -> None:
    """What does one thing and ends is not started again."""
    assert ALL[name]["restart"] == "no"


@EVERY_SERVICE
def test_services(name: str) -> None:
    """Each finds router and database, waits for both, says whether it is ready, and has time to finish what it began."""
    service = ALL[name]
    environment = service["environment"]
    assert environment["CHALKBELL_ROUTER"] == "tcp:router:8090"
    assert environment["CHALKBELL_DATABASE"].startswith("postgresql+psycopg://")
    assert "/readyz" in service["healthcheck"]["test"][-1]
    assert f'("127.0.0.1", {environment["CHALKBELL_METRICS_PORT"]})' in service["healthcheck"]["test"][-1]
    assert service["depends_on"] == {
        "first-start": {"condition": "service_completed_successfully"},
        "postgresql": {"condition": "service_healthy"},
        "router": {"condition": "service_healthy"},
    }
    assert int(service["stop_grace_period"].removesuffix("s")) > 30, "draining takes up to 10 s a step"


@EVERY_SERVICE
def test_settings_exist(name: str) -> None:
    """What the file sets are settings that there are; a misspelt one would be passed over in silence."""
    known = {variable("", field) for field in Campus.__struct_fields__}
    module = f"services.{name}.settings"
    if (ROOT / module.replace(".", "/")).with_suffix(".py").exists():
        settings = __import__(module, fromlist=["Settings"]).Settings
        known |= {variable(name, field) for field in settings.__struct_fields__}
    assert {each.removesuffix("_FILE") for each in ALL[name]["environment"]} <= known


def test_one_env_file() -> None:
    """All settings come from `.env`, which need not be there; no other file."""
    for name in (*SERVICES, "chalkbell"):
        assert ALL[name]["env_file"] == [{"path": "${CHALKBELL_ENV_FILE:-.env}", "required": False}]


def test_secrets_are_files() -> None:
    """No password stands in the file or in an environment; each secret is mounted only where it is needed."""
    for name, service in ALL.items():
        for variable_, value in service.get("environment", {}).items():
            assert not re.search("PASSWORD|SECRET|TOKEN|KEY", variable_) or variable_.endswith("_FILE"), (name, variable_)
            assert not re.search(r"://[^/@]*:[^/@]+@", str(value)), (name, variable_)
    assert COMPOSE["secrets"] == {
        "database_password": {"file": "${CHALKBELL_DATABASE_PASSWORD_FROM:-/dev/null}"},
        "smtp_password": {"file": "${CHALKBELL_SMTP_PASSWORD_FROM:-/dev/null}"},
    }
    assert {name for name, each in ALL.items() if "smtp_password" in each.get("secrets", [])} == {"notifier"}


@EVERY_SERVICE
def test_a_service_has_its_own_key_alone(name: str) -> None:
    """The folder of all keys is the router's and the operator's; it can be written only where they are made."""
    assert mounts(name)["/data/keys"] == f"{name}-key"
    assert f"{name}-key:/data/keys:ro" in ALL[name]["volumes"]
    assert {each for each in ALL if "keys" in mounts(each).values()} == {"first-start", "router", "chalkbell"}
    assert {each for each in ALL if "keys:/data/keys" in ALL[each]["volumes"]} == {"first-start"}
    assert mounts("first-start")[f"/secrets/{name}"] == f"{name}-key"


def test_networks() -> None:
    """The database's reaches nowhere, and the router is not in it: who comes in by the door is not yet in the cellar."""
    assert COMPOSE["networks"]["database"] == {"internal": True}
    assert {name for name, each in ALL.items() if "database" in each.get("networks", [])} == {*SERVICES, "postgresql", "chalkbell"}
    assert ALL["router"]["networks"] == ["courtyard"]
    assert ALL["first-start"]["network_mode"] == "none"


def test_watchers_reach_no_more_than_they_must() -> None:
    """The collector sees services, the dashboard the collector; neither has a key, a password or the database."""
    assert ALL["prometheus"]["networks"] == ["courtyard", "watch"]
    assert ALL["grafana"]["networks"] == ["watch"]
    assert ALL["grafana"]["ports"] == ["${CHALKBELL_GRAFANA_HOST:-127.0.0.1}:${CHALKBELL_GRAFANA_PORT:-3000}:3000"]
    for name in WATCHERS:
        mounted = {place: volume for place, volume in mounts(name).items() if volume.startswith("./")}
        assert all((ROOT / volume).exists() and volume.startswith("./watch/") for volume in mounted.values())
        assert set(mounts(name).values()) - set(mounted.values()) <= {"prometheus"}
        assert "secrets" not in ALL[name]


def test_every_volume_is_declared_and_used() -> None:
    """No more and no fewer: a misspelt one would be a new, empty one."""
    used = {volume for name in ALL for volume in mounts(name).values() if not volume.startswith("./")}
    assert used == set(COMPOSE["volumes"])


def test_dockerfile() -> None:
    """Two images from one pinned base, installed from lock files with every hash checked, run by a user without rights."""
    assert re.findall(r"^FROM (\S+:\S+)", DOCKERFILE, re.MULTILINE) == ["python:3.12-slim-bookworm"]
    for target in ("router", "services"):
        stage = DOCKERFILE.split(f" AS {target}\n")[1].split("\nFROM ")[0]
        assert "USER chalkbell" in stage
        assert "COPY . " not in stage
    assert "--uid 10001" in DOCKERFILE
    installs = [line for line in DOCKERFILE.splitlines() if "pip install" in line]
    assert installs
    assert all("--require-hashes" in line for line in installs)
    assert {each["build"]["target"] for each in ALL.values() if "build" in each} == {"router", "services"}


def test_folders_of_volumes() -> None:
    """Where a volume goes there is a folder in the image, whose owner a new volume takes."""
    made = set(re.findall(r"(?<=\s)/[\w/-]+", DOCKERFILE.split("FROM base AS home")[1].split("\nENV")[0]))
    for name in set(ALL) - {"postgresql", *WATCHERS}:
        assert {place for place in mounts(name) if place != "/run/database"} <= made


def test_ignored_by_the_engine() -> None:
    """Keys, data and environments are never sent to an engine: only what is named is."""
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    assert not {"!data", "!.env", "!.git", "!."} & set(lines)


@pytest.mark.skipif(shutil.which("docker") is None, reason="no `docker` command: the file is checked, not docker's opinion of it")
def test_docker_compose_reads_it(tmp_path: Path) -> None:
    """`docker compose` itself finds nothing wrong, and its profiles bring what they promise. No engine is asked."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("CHALKBELL_", "COMPOSE_"))}
    command = ("docker", "compose", "--env-file", os.devnull)
    if subprocess.run((*command, "version"), capture_output=True, env=environment, timeout=60).returncode:
        pytest.skip("`docker` is here, but not its plugin `compose`: the file is checked, not docker's opinion of it")

    def said(*arguments: str) -> str:
        done = subprocess.run(
            (*command, *arguments), cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert not done.returncode, done.stderr
        assert not done.stderr
        return done.stdout

    said("config", "--quiet")
    assert set(said("config", "--services").split()) == {*SERVICES, "router", "postgresql", "first-start"}
    assert set(said("--profile", "mail", "config", "--services").split()) == {
        *SERVICES,
        "router",
        "postgresql",
        "first-start",
        "mail",
    }
