"""Of which term a number is said. Only where the sentence leaves no doubt: else it has none.

A term is the subject of a number when it leads the number's clause, or the sentence, and nobody else comes between:

    台积电4月营收3496亿元，环比增长22.2%         both of 台积电
    台积电供应商汉唐1月营收53.7亿元              of nobody that is known
    受台积电涨价影响，毛利率下降2%               of nobody
    台积电以67.1%稳居第一，三星降至8.1%          each of its own
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from claims.reading.found import Found
from glossary.matching import Match

_CLAUSE = re.compile(r"[^，;；:：]+")
_WHEN = (
    r"(?:(?:19|20)\d\d\s?(?:年|财年)|\d{1,2}\s?月|\d{1,2}\s?日|第?[一二三四]季度?|[上下]半年|年[初中末底]|月[初中末底]|去年|今年|明年|"
    r"前年|全年|当日|当天|近日|日前|目前|此前|早在|截至|自|至|到|于|在|底|内|起|q[1-4]|前)"
)
_LEAD = re.compile(
    rf"(?:{_WHEN}|其中|另外|此外|同时|而|但|不过|反观|存储(?:大厂|巨头)|晶圆代工(?:龙头|厂)|中国大陆|美国|韩国|日本|荷兰|,|\s)*"
)
_NOT_BEHIND = re.compile(
    r"(?:的)?(?:供应商|供应链|客户|对手|竞争|合作|伙伴|子公司|母公司|旗下|ceo|cfo|首席|董事长|总裁|总经理|创始人|高管|会长|副总|发言人|"
    r"概念|产业链|股东|前员工|内部人士|及|和|与|、|或|等|以外|之外|/|带动|推动|影响|涨价)"
)
_NOT_BETWEEN = re.compile(
    r"显示|表示|认为|指出|预测|(?<!据)称|说|否认|宣称|透露|要求|约谈|要求|之后|后$|当天|影响|带动|来自|对手|供应商|客户|竞争|与.*相比|比[^例重]|"
    r"较[^上去前发]|贡献|竞相|收购方|市场|行业|超越|高于|低于.*的|其中[^一二三四五六七八九十\d]"
)
_GOES_ON = re.compile(
    rf"(?:{_WHEN}|,|\s)*(?:同比|环比|比上|比去年|比前|较上|较去年|较年初|较前|增长|增幅|下降|下滑|月增|年增|季增|其中|毛利率|净利|净亏|净资产|营收|收入|利润|"
    r"销售|研发|占比|亏损|市值|总额|总投资|投资|月产|年产|产能|满产|工艺|目标|计划|预计|预期|拟|并|用|用电|创|带宽|价格|每股|累计|功耗|性能|项目|合并|最高|初步|单卡|当月|当季|单季|市占|份额|集团营收|净营收|归属|营业|核准|总额|"
    r"首期|建设|出货|衬底|交易|容量|采用|投入|亿?元|约|超|达|即|至|到|环|同|将|已|提高|提升|扩|增|减|降|升|涨|跌|,|一期|二期|三期|首批|$)"
)
_REPORTS = re.compile(r"(?:公布|发布|披露|交出).*(?:业绩|财报|年报|季报|年度报告|季度报告|营收报告|成绩单)$")
"""`台积电公布…财报`: what follows is its own, whatever it begins with."""
_OTHERS = re.compile(r"市场|行业|全球|全国|指数|对手|平均|政府|其他|业界|机构|分析师|各|美国对|买方|卖方")


def subjects_of(folded: str, mentions: Sequence[Match], found: Sequence[Found]) -> list[int | None]:
    """Returns for each of `found` in a folded sentence the id of the term that it is said of, or None."""
    if not mentions:
        return [None] * len(found)
    clauses = list(_clauses(folded))
    return [_subject(folded, clauses, mentions, one) for one in found]


def _clauses(folded: str) -> Iterator[tuple[int, int]]:
    for match in _CLAUSE.finditer(folded):
        yield match.start(), match.end()


def _subject(
    folded: str, clauses: Sequence[tuple[int, int]], mentions: Sequence[Match], found: Found
) -> int | None:
    place = next((n for n, (start, end) in enumerate(clauses) if start <= found.start < end), None)
    if place is None:
        return None
    start, end = clauses[place]
    here = [mention for mention in mentions if start <= mention.start < end]
    if not here and place + 1 < len(clauses) and _is_when(folded[start:end]):
        # `早在2012年，台积电…`: the date opens the clause behind it.
        start, end = clauses[place + 1]
        there = [mention for mention in mentions if start <= mention.start < end]
        return _leader(folded, start, there, end, end) if there else None
    if here:
        return _leader(folded, start, here, found.start, found.end)
    goes_on = True
    for earlier in range(place - 1, -1, -1):
        begin, stop = clauses[earlier + 1]
        if _OTHERS.search(folded, begin, stop):
            return None
        goes_on = goes_on and _GOES_ON.match(folded[begin:stop]) is not None
        start, end = clauses[earlier]
        there = [mention for mention in mentions if start <= mention.start < end]
        if there:
            is_own = goes_on or _REPORTS.search(folded[start:end])
            return _leader(folded, start, there, end, end) if is_own else None
    return None


def _is_when(clause: str) -> bool:
    lead = _LEAD.match(clause)
    return lead is not None and lead.end() == len(clause)


def _leader(folded: str, start: int, mentions: Sequence[Match], until: int, end: int) -> int | None:
    """The one term of a clause that leads it, with nothing up to `until` that would take the number away from it."""
    first = mentions[0]
    if len({mention.term for mention in mentions}) > 1 or first.start > end:
        return None
    lead = _LEAD.match(folded, start)
    # Behind its first number, too: `2025年台积电…`, `4月1日,台积电`.
    if lead is None or lead.end() < first.start or first.start >= until:
        return None
    if _NOT_BEHIND.match(folded, first.end) or _NOT_BETWEEN.search(folded[first.end : until]):
        return None
    return first.term
