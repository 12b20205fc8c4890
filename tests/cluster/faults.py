"""What is done to a site of several hosts while it is read and written, one after the other."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from tests.cluster.deployment import App, Deployment, copy_of_the_code
from tests.cluster.opensearch import Node
from tests.waiting import until

Step = Callable[[Deployment, float], None]


@dataclass(frozen=True)
class Fault:
    """Something that happens, and that is over again when its function returns."""

    name: str
    happen: Step
    needs_cables: bool = False
    database_is_away: bool = False
    is_undisturbed: bool = False
    """Whether nothing may be noticed: no form is sent twice either."""


def an_app_host_is_killed(site: Deployment, seconds: float) -> None:
    app = site.apps[0]
    app.kill()
    time.sleep(seconds)
    _start_again(app)


def each_worker_is_killed(site: Deployment, seconds: float) -> None:
    for app in site.apps:
        app.kill_worker()
    time.sleep(seconds)
    for app in site.apps:
        app.start()


def the_manager_is_killed(site: Deployment, seconds: float) -> None:
    _kill(site, _manager(site), seconds)


def the_primary_is_killed(site: Deployment, seconds: float) -> None:
    _kill(site, _primary(site), seconds)


def a_node_hangs(site: Deployment, seconds: float) -> None:
    node = _primary(site)
    node.pause()
    time.sleep(seconds)
    node.go_on()
    _is_whole(site)


def a_node_is_cut_off(site: Deployment, seconds: float) -> None:
    node = _primary(site)
    node.host.cut_off([app.host for app in site.apps])
    time.sleep(seconds)
    node.host.reconnect()
    _is_whole(site)


def a_cable_is_cut(site: Deployment, seconds: float) -> None:
    node = _manager(site)
    node.host.cut_off(
        [app.host for app in site.apps] + [other.host for other in site.nodes if other is not node]
    )
    time.sleep(seconds)
    node.host.reconnect()
    _is_whole(site)


def the_database_is_restarted(site: Deployment, seconds: float) -> None:
    site.database.restart()
    time.sleep(seconds)


def redis_is_killed(site: Deployment, seconds: float) -> None:
    site.cache.kill()
    time.sleep(seconds)
    site.cache.start()


def the_index_is_built_anew(site: Deployment, seconds: float) -> None:
    site.apps[1].manage("rebuild_index", "-v", "0")
    time.sleep(seconds)


def the_site_is_upgraded(site: Deployment, seconds: float) -> None:
    """One host after the other gets code that cuts text otherwise: it needs an index of its own."""
    code = next_version(site)
    assert site.balancer is not None
    for app in site.apps:
        site.balancer.pass_to([other.address for other in site.apps if other is not app])
        app.stop()
        app.code = code
        app.manage("set_up", is_light=True)
        _start_again(app)
        site.balancer.pass_to([each.address for each in site.apps])
        time.sleep(seconds)  # both versions serve
    until(lambda: len(_versions(site)) == 2, "an index of each version")


def _start_again(app: App) -> None:
    """Hosts have processors of their own: what one does that serves nobody takes nothing from who asks the other."""
    app.start(is_light=True)
    until(app.listens, f"that {app.host.name} takes connections")
    app.serve()
    app.wait()


def next_version(site: Deployment) -> Path:
    """Returns a copy of the code as a next release would be: its words are others."""
    code = copy_of_the_code(site.folder / "code-next")
    path = code / "search" / "text" / "__init__.py"
    text, changed = re.subn(
        r"(?m)^TEXT_VERSION = (\d+)",
        lambda found: f"TEXT_VERSION = {int(found[1]) + 1}",
        path.read_text("utf-8"),
    )
    assert changed == 1
    path.write_text(text, encoding="utf-8")
    return code


FAULTS = (
    Fault("an app host: kill -9", an_app_host_is_killed),
    Fault("both workers: kill -9", each_worker_is_killed),
    Fault("OpenSearch, the cluster manager: kill -9", the_manager_is_killed),
    Fault("OpenSearch, the node with the primary: kill -9", the_primary_is_killed),
    Fault("OpenSearch, a node that hangs (SIGSTOP)", a_node_hangs),
    Fault("the network between the app hosts and a node: cut", a_node_is_cut_off, needs_cables=True),
    Fault("the network of the cluster manager: cut", a_cable_is_cut, needs_cables=True),
    Fault("Redis: kill -9", redis_is_killed),
    Fault("PostgreSQL: restarted", the_database_is_restarted, database_is_away=True),
    Fault("rolling rebuild of the index", the_index_is_built_anew, is_undisturbed=True),
    Fault("rolling upgrade, host by host", the_site_is_upgraded, is_undisturbed=True),
)


# --- What the cluster says of itself


def _kill(site: Deployment, node: Node, seconds: float) -> None:
    node.kill()
    time.sleep(seconds)
    node.start()
    _is_whole(site)


def _is_whole(site: Deployment) -> None:
    for node in site.nodes:
        node.wait(len(site.nodes))
    until(lambda: _ask(site, "/_cluster/health")["status"] == "green", "a copy of each index on another node")


def _manager(site: Deployment) -> Node:
    [row] = _ask(site, "/_cat/cluster_manager?format=json")
    return next(node for node in site.nodes if node.name == row["node"])


def _primary(site: Deployment) -> Node:
    rows = _ask(site, "/_cat/shards?format=json")
    return next(
        node for node in site.nodes for row in rows if row["prirep"] == "p" and row["node"] == node.name
    )


def _versions(site: Deployment) -> set[str]:
    return {row["alias"] for row in _ask(site, "/_cat/aliases?format=json")}


def _ask(site: Deployment, path: str):  # type: ignore[no-untyped-def]
    for node in site.nodes:
        try:
            with urlopen(Request(f"http://{node.host.address}:{node.port}{path}"), timeout=5) as answer:
                return json.load(answer)
        except OSError:
            continue
    raise AssertionError(f"no node answers {path}")
