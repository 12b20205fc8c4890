"""Where a server can not be started, who needs it is left out, and says why; or fails, where it must not be left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cluster.required import running


def test_without_java_it_is_left_out_or_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("XWK_REQUIRE_CLUSTER", raising=False)
    with (
        pytest.raises(pytest.skip.Exception, match="LEFT OUT: OpenSearch for tests needs Maven and a JDK"),
        running(1),
    ):
        pass
    monkeypatch.setenv("XWK_REQUIRE_CLUSTER", "1")
    with (
        pytest.raises(
            pytest.fail.Exception, match="XWK_REQUIRE_CLUSTER=1, and OpenSearch for tests needs Maven"
        ),
        running(1),
    ):
        pass
