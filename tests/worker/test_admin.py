"""Background tasks in the admin: what failed, why, and a button to run it again."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from tests.worker import tasks
from tests.worker.running import run_due_tasks
from worker.models import Task
from worker.running import MAX_ATTEMPTS

pytestmark = pytest.mark.django_db
LIST = "/admin/worker/task/"


@pytest.fixture
def failed(tmp_path: Path) -> Task:
    tasks.fails.enqueue(str(tmp_path / "out"))
    Task.objects.update(attempts=MAX_ATTEMPTS - 1)
    run_due_tasks()
    return Task.objects.get(state=Task.State.FAILED)


def test_the_front_page_names_what_failed_and_the_list_says_why(admin_client: Client, failed: Task) -> None:
    Task.objects.update(name="search.tasks.compare")
    front = admin_client.get("/admin/").content.decode()
    assert "1 项后台任务出了错：“核对搜索索引”。" in front
    page = admin_client.get(LIST).content.decode()
    assert "核对搜索索引" in page
    assert "失败" in page
    assert "ValueError: 这个任务总是失败" in page
    assert admin_client.get("/readyz").json()["worker"]["failed_tasks"] == ["search.tasks.compare"]


@pytest.mark.parametrize("way", ["list", "page"])
def test_a_failed_task_is_run_again_at_a_click(admin_client: Client, failed: Task, way: str) -> None:
    Task.objects.update(name=tasks.quick.module_path)
    if way == "list":
        data = {"action": "run_again", "_selected_action": [failed.pk]}
        answer = admin_client.post(LIST, data, follow=True)
    else:
        address = f"{LIST}{failed.pk}/change/"
        page = admin_client.get(address).content.decode()
        assert "再运行一次" in page
        assert "Traceback" in page
        answer = admin_client.post(address, follow=True)
    assert "1 项任务马上会再运行一次" in answer.content.decode()
    assert run_due_tasks() == 1
    again = Task.objects.get(pk=failed.pk)
    assert (again.state, again.error, again.attempts) == (Task.State.DONE, "", 1)
    assert not Task.objects.failed().exists()


def test_what_is_running_is_left_alone(admin_client: Client, failed: Task) -> None:
    Task.objects.update(state=Task.State.RUNNING, attempts=3)
    answer = admin_client.post(f"{LIST}{failed.pk}/change/", follow=True)
    assert "任务正在运行" in answer.content.decode()
    assert (Task.objects.get().state, Task.objects.get().attempts) == (Task.State.RUNNING, 3)


@pytest.mark.parametrize(("group", "seen", "sent"), [("编辑", 403, 403), ("主编", 200, 302)])
def test_tasks_are_for_those_whom_the_front_page_tells_of_them(
    failed: Task, group: str, seen: int, sent: int
) -> None:
    user = User.objects.create_user("someone", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    assert client.get(LIST).status_code == seen
    assert client.post(f"{LIST}{failed.pk}/change/").status_code == sent
