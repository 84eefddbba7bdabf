"""Whatever a person can read stands in both languages, whoever wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

from timebank.web import i18n

PLACEHOLDER = re.compile(r"%\((\w+)\)")
CHINESE = re.compile("[\u4e00-\u9fff]")
TRANSLATORS = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
# Chinese on an English page on purpose: the seal, the way back to Chinese.
MEANT = {"互助", "中文"}
# Names of people and units are data; style.html shows a few as examples.
EXAMPLES_OF_DATA = {"style.html"}


def chinese_outside_messages(node: nodes.Node) -> Iterator[str]:
    """Every Chinese text of a template that does not go through a translator."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in TRANSLATORS:
        for keyword in node.kwargs:
            yield from chinese_outside_messages(keyword.value)
        return
    text = node.data if isinstance(node, nodes.TemplateData) else getattr(node, "value", None)
    if isinstance(text, str) and CHINESE.search(text) and not any(word in text for word in MEANT):
        yield text.strip()
    for child in node.iter_child_nodes():
        yield from chinese_outside_messages(child)


def test_every_message_has_english(messages: list[tuple[str, str, str]]) -> None:
    known = i18n.english()
    missing = [
        f"{where}: {message}" for where, context, message in messages if (context, message) not in known
    ]
    assert not missing, "no English in timebank/locale/en/*.po for:\n" + "\n".join(sorted(missing))


def test_english_keeps_every_placeholder(messages: list[tuple[str, str, str]]) -> None:
    known = i18n.english()
    for where, context, message in messages:
        for form in known.get((context, message), ()):
            unknown = set(PLACEHOLDER.findall(form)) - set(PLACEHOLDER.findall(message))
            assert not unknown, f"{where}: the English names {unknown}, the Chinese does not"


def test_english_has_no_chinese_left_in_it() -> None:
    left = {forms for forms in i18n.english().values() if any(CHINESE.search(form) for form in forms)}
    # Words that an English reader meets on paper and screen in Chinese are explained beside it.
    assert not {forms for forms in left if "(" not in forms[0]}


def test_messages_are_found_in_templates_and_in_python(messages: list[tuple[str, str, str]]) -> None:
    said = {message for _where, _context, message in messages}
    assert {"跳到正文", "您正在代 %(name)s 办事"} <= said
    assert ("passbook", "余") in {(context, message) for _where, context, message in messages}


def test_templates_hold_no_chinese_outside_a_message(environment: Environment) -> None:
    assert environment.loader is not None
    bare = []
    for name in environment.loader.list_templates():
        if name in EXAMPLES_OF_DATA:
            continue
        source, _path, _fresh = environment.loader.get_source(environment, name)
        bare += [f"{name}: {text}" for text in chinese_outside_messages(environment.parse(source))]
    assert not bare, "write these as _(…):\n" + "\n".join(bare)


def test_the_same_sentence_has_the_same_english_everywhere() -> None:
    assert not (found := i18n.disagreements(i18n.sentences(i18n.CATALOGUES))), "\n".join(found)


def test_two_catalogues_that_disagree_are_named_and_the_first_one_wins(tmp_path: Path) -> None:
    for name, english in (("a.po", "Done"), ("b.po", "Finished"), ("common.po", "Helped")):
        text = f'msgid ""\nmsgstr ""\n\nmsgid "帮好了"\nmsgstr "{english}"\n'
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = list(i18n.sentences(tmp_path))
    assert i18n.merged(found) == {("", "帮好了"): ("Helped",)}
    assert i18n.disagreements(found) == [
        "帮好了: 'Helped' in common.po, 'Done' in a.po",
        "帮好了: 'Helped' in common.po, 'Finished' in b.po",
    ]


def test_a_message_without_english_or_marked_fuzzy_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.po").write_text(
        'msgid "一"\nmsgstr ""\n\n#, fuzzy\nmsgid "二"\nmsgstr "two"\n\nmsgid "三"\nmsgstr "three"\n',
        encoding="utf-8",
    )
    assert i18n.merged(i18n.sentences(tmp_path)) == {("", "三"): ("three",)}
