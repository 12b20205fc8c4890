"""What WeChat's editor keeps of a post, told by reading the post again with another parser than ours."""

from __future__ import annotations

from lxml import html as lxml_html

TAGS = set(
    "section p h3 h4 h5 strong em sub sup br span img hr a blockquote table thead tbody tr th td".split()
)
ATTRIBUTES = {
    "img": {"src", "alt"},
    "a": {"href"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
PROPERTIES = set(
    "font-size font-weight font-style line-height letter-spacing color text-align text-indent text-decoration "
    "vertical-align word-break margin margin-top padding padding-left padding-right padding-bottom padding-top "
    "border border-left border-top border-bottom border-collapse width max-width min-width height overflow-x display".split()
)
"""Type, colour, space, borders, and the size of what is in the post; no position, flex, float, background, variable."""


def faults(post: str) -> list[str]:
    """Everything in a post that WeChat would drop or refuse."""
    found = []
    for element in lxml_html.fragments_fromstring(f"<section>{post}</section>")[0].iter():
        tag = str(element.tag)
        if tag not in TAGS:
            found.append(f"<{tag}>")
        for name, value in element.attrib.items():
            if name == "style":
                names = {declaration.split(":")[0].strip() for declaration in value.split(";") if declaration}
                found += [f"{tag}: {name}" for name in names - PROPERTIES]
            elif name not in ATTRIBUTES.get(tag, ()):
                found.append(f"<{tag} {name}>")
        if tag == "img" and not element.get("src", "").startswith(("data:image/png;", "data:image/jpeg;")):
            found.append(f"<img src={element.get('src')}>")
        if tag == "a" and not element.get("href", "").startswith("https://mp.weixin.qq.com/"):
            found.append(f"<a href={element.get('href')}>")
    return found
