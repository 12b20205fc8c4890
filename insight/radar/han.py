"""Han words that neither the dictionary nor the glossary knows and that look like names. Pure.

    text ─ terms of the glossary taken out ─ cut by the dictionary ─► spots: characters that fall out of every word
    spots ─► candidates with their neighbours ─► cohesion, freedom, signs of a name ─► names

Statistics alone find many sequences that are no names (`亿美元的`, `同比增长`); signs alone, on an archive of a few
weeks, find most names. So a word has to begin where the dictionary fails, and then to be free (many different
neighbours) and cohesive (its parts stand together more often than by chance), or to show signs of a name.

Cohesion is pointwise mutual information (Church & Hanks, Word association norms, mutual information, and
lexicography, Computational Linguistics 16(1), 1990), the least over all ways to split the word; freedom is the
entropy of its neighbours, the lesser of both sides (Sun, Shen & Tsou, Chinese word segmentation without using
lexicon and hand-crafted training data, ACL 1998, use the former; Feng, Chen, Deng & Zheng, Accessor variety
criteria for Chinese word extraction, Computational Linguistics 30(1), 2004, the idea of the latter).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from ahocorasick_rs import AhoCorasick

from glossary.folding import HAN, fold
from search.analysis import TermFinder, pieces

MAX_LENGTH = 10
MAX_STEM = 6
"""Characters of a name without its ending (科技, 半导体有限公司)."""
LEAST_COHESION = 4.0
LEAST_FREEDOM = 1.2
LEAST_COUNT = 4
"""What a word without any sign of a name needs."""
MASK = "\x1a"
"""Stands where a term of the glossary stood."""

_RUN = re.compile(f"[{HAN}]+")
_SOUNDS = (
    "阿埃艾爱安奥巴白班邦保鲍贝本比彼宾波伯勃博布查达戴丹当道德登邓迪蒂丁东杜敦多厄恩尔法凡菲费芬夫弗福盖冈戈格葛古圭哈海汉汗豪"
    "何赫亨胡华怀霍基吉加贾简杰金卡凯坎康考柯科克肯孔库昆拉莱赖兰朗劳勒雷黎李里理利莉丽立列林琳刘卢鲁路露伦罗洛马玛迈麦曼梅门蒙"
    "孟米密明莫默姆穆娜纳南内尼妮宁纽诺欧帕派潘庞佩彭皮平珀普齐奇钱强乔切琴丘屈让热荣茹瑞若萨塞赛桑瑟森莎沙山尚舍申圣施史士司斯松"
    "苏索塔泰坦汤唐陶特滕提田廷通图托陀瓦万旺威韦维伟温文沃乌吴伍西希锡夏香肖谢辛欣兴休修许雅亚延扬杨耶叶伊依易因英尤约赞泽曾扎詹"
    "珍芝治朱卓孜兹子宗佐"
)
"""Characters that foreign names are written with."""
_TRANSCRIBED = re.compile(f"[{_SOUNDS}]{{1,6}}(?:·[{_SOUNDS}]{{1,7}})+")
"""A foreign person: 帕特·基辛格."""

_GRAMMAR = frozenset(
    "的了是在有和与及或等被把将也都就而且但并不没无很更最较已可会能要应还再又只仅约近超逾第各每某该此这那其所为"
    "对从向到由以因如若则着过吗呢吧啊们个于之让给比按据跟么地得说称使令用做像靠占至该谁几多少越太极挺"
    "年月日时分秒号亿元款颗枚块张份倍次项种位名条座届轮件批笔套期层间处场"
    "我你他她它您咱俩啥怎"
)
"""Characters that end a name when they stand by themselves."""
_LOOSE = frozenset("台达一二三四五六七八九十百千万两半双单多中新大小高低上下内外前后里老首总副全自同共再未来去出入起开打放看走跑吃买卖")
"""Characters that stand by themselves in plain text as well as in names: with them a word needs a sign."""

_ENDINGS = (
    "科技 半导体 微电子 电子 集团 股份 光电 材料 新材 精密 智能 智造 资本 证券 咨询 研究院 研究所 大学 学院 实验室 公司 "
    "有限公司 有限责任公司 股份有限公司 委员会 协会 联盟 基金 投资 创投 存储 集成 集成电路 通信 通讯 软件 机器人 动力 激光 "
    "仪器 化学 化工 硅业 电气 电器 控股 实业 信息技术 网络 微 芯 工业 重工 电机 光学 测控 封测 国际 航天 传媒 银行 "
    "法院"
).split()
_COMPANY_ENDINGS = tuple(ending for ending in _ENDINGS if len(ending) > 1)
_IS_ENDING = frozenset(_ENDINGS)
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤洪庄翁戚柳倪鲁"
)
_TITLE_BEFORE = re.compile(
    r"(?:CEO|CFO|CTO|COO|总裁|董事长|总经理|创始人|分析师|首席执行官|首席技术官|首席财务官|执行官|工程师|院士|教授|部长|主席|主任|"
    r"理事长|秘书长|负责人|发言人|研究员|总监|掌门|记者|博士)[\s:：]*\Z",
    re.IGNORECASE,
)
_SPEECH_AFTER = re.compile(
    r"\s*(?:博士|先生|女士|教授|院士)?(?:表示|指出|认为|透露|强调|坦言|介绍|预计|担任|出任|接任|辞去|卸任|在接受|回应|说|称)"
)
_ACTS_AFTER = re.compile(
    r"(?:\s*[（(]|\s*\d{6}|宣布|发布|推出|公告|完成|股价|财报|上市|递交|获得|旗下|官网|披露|拟|收购|起诉|量产|营收|净利|"
    r"市值|创始|董事长|总裁|与)"
)
_GLOSS_AFTER = re.compile(r"\s*[（(]\s*[a-z][a-z]")
_CODE_AFTER = re.compile(r"\s?(?:[a-z]{1,4}-?\d|\d{1,4}[a-z]\d)")
_LISTED_BEFORE = re.compile(rf"(?:{MASK}|[a-z][a-z0-9]+)(?:[（(][^（()）]*[)）])?\s*(?:、|和|与|及|以及)\Z")
_LISTED_AFTER = re.compile(rf"(?:[（(][^（()）]*[)）])?\s*(?:、|和|与|及|以及)\s*(?:{MASK}|[a-z][a-z0-9])")
_REACH = 12


@dataclass
class Word:
    """What is known of a candidate after all texts were read."""

    text: str
    count: int = 0
    articles: set[int] = field(default_factory=set)
    left: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    signs: Counter[str] = field(default_factory=Counter)
    """How often a sign of a name was seen: `company`, `person`, `product`, `list`, `gloss`."""
    is_loose: bool = False
    """Whether it holds a character that stands by itself in plain text too."""
    cohesion: float = 0.0

    @property
    def freedom(self) -> float:
        """Entropy of the neighbours, in bits; the lesser of both sides."""
        return min(entropy(self.left), entropy(self.right))


def entropy(counts: Counter[str]) -> float:
    """Returns Shannon's entropy in bits.

    >>> entropy(Counter("aabb"))
    1.0
    """
    total = sum(counts.values())
    return -sum(n / total * math.log2(n / total) for n in counts.values()) + 0.0 if total else 0.0


def find_words(texts: Iterable[tuple[int, str]], terms: TermFinder) -> list[Word]:
    """Returns the names that the texts (`(id of the article, text)`) hold, in no order."""
    found: dict[str, Word] = {}
    masked: list[str] = []
    for article, text in texts:
        masked.append(_without_terms(fold(text), text, terms))
        for spot in _spots(masked[-1]):
            word = found.get(spot.text)
            if word is None:
                word = found[spot.text] = Word(spot.text, is_loose=spot.is_loose)
            _add(word, spot, article, masked[-1])
    words = [word for word in found.values() if word.count > 1 or word.signs]
    _measure(words, "\n".join(masked))
    return _without_parts([word for word in words if _is_name(word)])


# --- Spots ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Spot:
    text: str
    start: int
    end: int
    ending: str = ""
    is_loose: bool = False
    is_person: bool = False


def _without_terms(folded: str, text: str, terms: TermFinder) -> str:
    """The folded text with every term of the glossary masked, at the same length."""
    characters = list(folded)
    for match in terms.find(text):
        characters[match.start : match.end] = MASK * (match.end - match.start)
    return "".join(characters)


def _spots(text: str) -> Iterator[_Spot]:
    for match in _TRANSCRIBED.finditer(text):
        yield _Spot(match.group(), match.start(), match.end(), is_person=True)
    for run in _RUN.finditer(text):
        stretch: list[str] = []
        start = end = run.start()
        for piece in pieces(run.group()):
            if piece in _GRAMMAR:
                yield from _spots_of(stretch, start)
                stretch, start = [], end + len(piece)
            else:
                stretch.append(piece)
            end += len(piece)
        yield from _spots_of(stretch, start)


def _spots_of(stretch: list[str], start: int) -> Iterator[_Spot]:
    """Sequences that begin with a single character or two, and go on to an ending or to the last single one."""
    places = [start]
    for piece in stretch:
        places.append(places[-1] + len(piece))
    for first, piece in enumerate(stretch):
        if len(piece) > 1:
            continue
        singles = 1
        for last in range(first + 1, len(stretch)):
            here = stretch[last]
            if places[last + 1] - places[first] > MAX_LENGTH:
                break
            text = "".join(stretch[first : last + 1])
            if len(here) == 1:
                if singles != last - first:
                    break
                singles += 1
                yield _Spot(
                    text, places[first], places[last + 1], "", any(character in _LOOSE for character in text)
                )
            elif here in _IS_ENDING or any(here.endswith(ending) for ending in _COMPANY_ENDINGS):
                stem = "".join(stretch[first:last])
                yield _Spot(text, places[first], places[last + 1], here, all(c in _LOOSE for c in stem))
                if stretch[last + 1 : last + 2] and stretch[last + 1] not in _IS_ENDING:
                    break
            elif singles != last - first:
                break
            elif singles < 2:
                break


def _add(word: Word, spot: _Spot, article: int, text: str) -> None:
    word.count += 1
    word.articles.add(article)
    before, after = text[max(0, spot.start - _REACH) : spot.start], text[spot.end : spot.end + _REACH]
    # The beginning and the end of a sentence, a term, a code: each time another neighbour, as any word could stand.
    word.left[_neighbour(before[-1:], spot.start)] += 1
    word.right[_neighbour(after[:1], spot.end)] += 1
    for sign in _signs(spot, before, after):
        word.signs[sign] += 1


def _neighbour(character: str, place: int) -> str:
    return character if _RUN.match(character) else f"{character}{place}"


def _signs(spot: _Spot, before: str, after: str) -> Iterator[str]:
    text = spot.text
    if spot.is_person:
        yield "person"
    elif not spot.ending and 2 <= len(text) <= 3 and text[0] in _SURNAMES:
        if _TITLE_BEFORE.search(before) or _SPEECH_AFTER.match(after):
            yield "person"
    if spot.ending in _COMPANY_ENDINGS and not spot.is_loose and len(text) - len(spot.ending) >= 2:
        yield "company"
    if _GLOSS_AFTER.match(after):
        yield "gloss"
    if _CODE_AFTER.match(after) and not spot.is_loose:
        yield "product"
    if _LISTED_BEFORE.search(before) or _LISTED_AFTER.match(after):
        yield "list"
    if _ACTS_AFTER.match(after) and (not before or not _RUN.match(before[-1])):
        yield "acts"


# --- Statistics ----------------------------------------------------------------------------------------


def _measure(words: list[Word], text: str) -> None:
    """Gives every word its cohesion. The parts of all of them are counted in one pass over the text."""
    parts = {word.text[:cut] for word in words for cut in range(1, len(word.text) + 1)}
    parts |= {word.text[cut:] for word in words for cut in range(1, len(word.text))}
    numbered = sorted(parts)
    if not numbered:
        return
    automaton = AhoCorasick(numbered)
    counts = Counter(number for number, _, _ in automaton.find_matches_as_indexes(text, overlapping=True))
    counted = {part: counts[number] for number, part in enumerate(numbered)}
    size = sum(len(run) for run in _RUN.findall(text)) or 1
    for word in words:
        word.cohesion = cohesion(word.text, counted.__getitem__, size)


def cohesion(word: str, count: Callable[[str], int], size: int) -> float:
    """Returns the pointwise mutual information of the parts of `word`, the least of all splits, in bits.

    >>> cohesion("宇树", {"宇树": 4, "宇": 4, "树": 8}.__getitem__, 1024)
    7.0
    """
    whole = max(count(word), 1)
    return min(
        math.log2(whole * size / (max(count(word[:cut]), 1) * max(count(word[cut:]), 1)))
        for cut in range(1, len(word))
    )


def _is_name(word: Word) -> bool:
    signs = word.signs
    if signs["person"]:
        return True
    strong = signs["gloss"] + signs["list"] + signs["product"]
    if word.is_loose:
        return strong > 1 and word.cohesion >= LEAST_COHESION and word.freedom >= LEAST_FREEDOM / 2
    if word.cohesion < LEAST_COHESION:
        return False
    if signs["company"]:
        return word.count > 1 or strong > 0
    if strong >= max(1, word.count // 3):
        return True
    return word.count >= LEAST_COUNT and len(word.articles) > 1 and word.freedom >= LEAST_FREEDOM


def _without_parts(words: list[Word]) -> list[Word]:
    """Leaves out what nearly always stands inside a longer one (`树科技` in `宇树科技`)."""
    kept: list[Word] = []
    for word in sorted(words, key=lambda word: -len(word.text)):
        around = sum(longer.count for longer in kept if word.text in longer.text)
        if around < 0.7 * word.count:
            kept.append(word)
    return kept
