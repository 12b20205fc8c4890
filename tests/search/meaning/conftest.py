"""A small archive whose glossary says in other words what its articles are about."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from archive.models import Issue
from glossary.models import Term
from search.meaning import store
from tests.conftest import WeekMaker
from tests.writing import create

ARTICLES = {
    "Wolfspeed换帅": "碳化硅衬底的价格跌了一半。",
    "天岳先进扩产": "碳化硅衬底转向八英寸。",
    "三安在重庆投产": "碳化硅器件装上了车。",
    "阿斯麦公布业绩": "光刻机的订单多了三成。",
    "佳能推出新机": "光刻机不用镜头，压印成形。",
    "嘉义凌晨地震": "晶圆厂停机，在线的晶圆报废。",
    "熊本又震": "晶圆厂疏散以后复工。",
    "存储涨价": "闪存报价上调一成。",
}
NOTES = {
    "碳化硅": "耐高压的宽禁带材料",
    "光刻机": "把线路曝光到硅片上的设备",
    "闪存": "断电也不丢数据的存储器",
}


@pytest.fixture
def articles(transactional_db: None, make_issue: WeekMaker) -> Iterator[Issue]:
    """The archive, not learnt yet. What is learnt of it goes with it."""
    for name, note in NOTES.items():
        create(Term, name=name, kind=Term.Kind.TECHNOLOGY, note=note)
    yield make_issue(ARTICLES)
    shutil.rmtree(store.folder(), ignore_errors=True)
