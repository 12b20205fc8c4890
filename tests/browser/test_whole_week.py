"""From the paste to the withdrawal: an editor's week, by someone who may publish and no more."""

from __future__ import annotations

from tests.browser.chromium import Watch
from tests.browser.conftest import Visit
from tests.browser.editors_week import MAKE_CHIEF, whole_week
from tests.server.site import Site


def test_an_editors_whole_week(editors_site: Site, new_visitor: Visit, watch: Watch) -> None:
    editors_site.run_python(MAKE_CHIEF)
    editor, member = new_visitor(editors_site), new_visitor(editors_site)
    steps = [name for name, _ in whole_week(editors_site, watch, editor, member)]
    assert steps[-1] == "withdrawn"
