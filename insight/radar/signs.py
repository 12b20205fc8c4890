"""Signs that tell a Chinese name from plain text: characters, endings, and what is before and behind. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from glossary.folding import HAN

MASK, FIRM_MASK = "\x1a", "\x1d"
"""Stand where a term of the glossary stood: any, a company."""
_MASKS = f"[{MASK}{FIRM_MASK}]"

_RUN = re.compile(f"[{HAN}]")
_SOUNDS = (
    "阿埃艾爱安奥巴白班邦保鲍贝本比彼宾波伯勃博布查达戴丹当道德登邓迪蒂丁东杜敦多厄恩尔法凡菲费芬夫弗福盖冈戈格葛古圭哈海汉汗豪"
    "何赫亨胡华怀霍基吉加贾简杰金卡凯坎康考柯科克肯孔库昆拉莱赖兰朗劳勒雷黎李里理利莉丽立列林琳刘卢鲁路露伦罗洛马玛迈麦曼梅门蒙"
    "孟米密明莫默姆穆娜纳南内尼妮宁纽诺欧帕派潘庞佩彭皮平珀普齐奇钱强乔切琴丘屈让热荣茹瑞若萨塞赛桑瑟森莎沙山尚舍申圣施史士司斯松"
    "苏索塔泰坦汤唐陶特滕提田廷通图托陀瓦万旺威韦维伟温文沃乌吴伍西希锡夏香肖谢辛欣兴休修许雅亚延扬杨耶叶伊依易因英尤约赞泽曾扎詹"
    "珍芝治朱卓孜兹子宗佐"
)
"""Characters that foreign names are written with."""
TRANSCRIBED = re.compile(f"[{_SOUNDS}]{{1,6}}(?:·[{_SOUNDS}]{{1,7}})+")
"""A foreign person: 帕特·基辛格."""

GRAMMAR = frozenset(
    "的了是在有和与及或等被把将也都就而且但并不没无很更最较已可会能要应还再又只仅约近超逾第各每某该此这那其所为"
    "对从向到由以因如若则着过吗呢吧啊们个于之让给比按据跟么地得说称使令用做像靠占至该谁几多少越太极挺"
    "年月日时分秒号亿元款颗枚块张份倍次项种位名条座届轮件批笔套期层间处场"
    "我你他她它您咱俩啥怎"
)
"""Characters that end a name when they stand by themselves."""
LOOSE = frozenset(
    "台达一二三四五六七八九十百千万两半双单多中新大小高低上下内外前后里老首总副全自同共再未来去出入起开打放看走跑吃买卖"
)
"""Characters that stand by themselves in plain text as well as in names: with them a word needs a sign."""

ENDINGS = (
    "科技 半导体 微电子 电子 集团 股份 光电 材料 新材 精密 智能 智造 资本 证券 咨询 研究院 研究所 大学 "
    "学院 实验室 公司 有限公司 有限责任公司 股份有限公司 委员会 协会 联盟 基金 投资 创投 存储 集成 "
    "集成电路 通信 通讯 软件 机器人 动力 激光 仪器 化学 化工 硅业 电气 电器 控股 实业 信息技术 网络 微 芯 "
    "工业 重工 电机 光学 测控 封测 国际 航天 传媒 银行 法院"
).split()
COMPANY_ENDINGS = tuple(ending for ending in ENDINGS if len(ending) > 1)
IS_ENDING = frozenset(ENDINGS)
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤洪庄翁戚柳倪鲁"
)
TITLE_BEFORE = re.compile(
    r"(?:CEO|CFO|CTO|COO|总裁|董事长|总经理|创始人|分析师|首席执行官|首席技术官|首席财务官|执行官|工程师|院士|教授|部长|主席|主任|"
    r"理事长|秘书长|负责人|发言人|研究员|总监|掌门|记者|博士|经理|主管|合伙人|作者|专家)[\s:：]*\Z",
    re.IGNORECASE,
)
_SPEECH_AFTER = re.compile(
    r"\s*(?:博士|先生|女士|教授|院士)?(?:表示|指出|认为|透露|强调|坦言|介绍|预计|担任|出任|接任|辞去|卸任|在接受|回应|说|称)"
)
ACTS_AFTER = re.compile(
    r"(?:\s*[（(]|\s*\d{6}|宣布|发布|推出|公告|完成|股价|财报|上市|递交|获得|旗下|官网|披露|拟|收购|起诉|量产|营收|净利|"
    r"市值|创始|董事长|总裁|与)"
)
_GLOSS_AFTER = re.compile(r"\s*[（(]\s*[a-z][a-z]")
_CODE_AFTER = re.compile(r"\s?(?:[a-z]{1,4}-?\d|\d{1,4}[a-z]\d)")
_LISTED_BEFORE = re.compile(rf"(?:{_MASKS}|[a-z][a-z0-9]+)(?:[（(][^（()）]*[)）])?\s*(?:、|和|与|及|以及)\Z")
_LISTED_AFTER = re.compile(rf"(?:[（(][^（()）]*[)）])?\s*(?:、|和|与|及|以及)\s*(?:{_MASKS}|[a-z][a-z0-9])")
_FIRM_BEFORE = re.compile(rf"{FIRM_MASK}(?:[（(][^（()）]*[)）])?\s*(?:、|和|与|及|以及)\Z")
_FIRM_AFTER = re.compile(rf"(?:[（(][^（()）]*[)）])?\s*(?:、|和|与|及|以及)\s*{FIRM_MASK}")


def is_among_firms(before: str, after: str) -> bool:
    """Whether what stands between `before` and `after` is listed beside a company that the glossary knows."""
    return bool(_FIRM_BEFORE.search(before) or _FIRM_AFTER.match(after))


def reads_as_person(name: str, tag: str) -> bool:
    """Whether a Han word is built as a person's name and the dictionary takes it for one (`tag` of its beginning).

    Two characters with a surname are as often something else (`方正`, `金山`).

    >>> reads_as_person("梁柏乔", "nr"), reads_as_person("方正", "nr"), reads_as_person("车规", "n")
    (True, False, False)
    """
    return tag.startswith("nr") and len(name) == 3 and name[0] in _SURNAMES


def signs_of(
    name: str, before: str, after: str, *, ending: str = "", is_loose: bool = False
) -> Iterator[str]:
    """Yields the signs of a name that `name` shows between `before` and `after`, all of them folded.

    `ending` is its last word if it is one of ENDINGS; `is_loose` says that it may well be plain text.

    >>> list(signs_of("宇树科技", f"{MASK}、", "完成融资", ending="科技"))
    ['company', 'list', 'acts']
    """
    looks_like_a_person = not ending and 2 <= len(name) <= 3 and name[0] in _SURNAMES
    if looks_like_a_person and (TITLE_BEFORE.search(before) or _SPEECH_AFTER.match(after)):
        yield "person"
    if ending in COMPANY_ENDINGS and not is_loose and len(name) - len(ending) >= 2:
        yield "company"
    if _GLOSS_AFTER.match(after):
        yield "gloss"
    if _CODE_AFTER.match(after) and not is_loose:
        yield "product"
    if _LISTED_BEFORE.search(before) or _LISTED_AFTER.match(after):
        yield "list"
    if is_among_firms(before, after):
        yield "firms"
    if ACTS_AFTER.match(after) and (not before or not _RUN.match(before[-1])):
        yield "acts"
