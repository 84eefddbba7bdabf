"""Base layout, components and error pages with real content, in both languages and with little context."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment

from timebank.web import i18n

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("size", ["", "standard", "elder", "elder-xl"])
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_the_style_page_renders_in_each_language_and_size(
    environment: Environment, page_context: dict[str, Any], lang: str, size: str
) -> None:
    i18n.use(lang)
    html = environment.get_template("style.html").render(**{**page_context, "lang": lang, "size": size})
    assert f'<html lang="{lang}"' in html
    assert ('data-size="' in html) == size.startswith("elder")
    assert html.count("<h1") >= 1


def test_an_english_page_shows_chinese_only_as_data(
    environment: Environment, page_context: dict[str, Any]
) -> None:
    i18n.use("en")
    data = {"community_name": "East", "nav": [], "lines": [], "flashes": [], "lang": "en"}
    html = environment.get_template("style.html").render(**{**page_context, **data})
    text = re.sub(r"<[^>]+>", " ", html)
    left = {word for word in text.split() if CHINESE.search(word)}
    assert left <= {
        "互助",
        "中文",
        "钱师傅",
        "王奶奶",
        "李四",
        "吴六",
        "区第二人民医院",
        "实验小学",
        "东区社区居委会",
    }


def test_every_id_on_a_page_is_there_once(environment: Environment, page_context: dict[str, Any]) -> None:
    html = environment.get_template("style.html").render(**page_context)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'(?:for|aria-describedby)="([^"]+)"', html):
        assert set(target.split()) <= set(ids)
    for target in re.findall(r'href="#([\w-]+)"', html):
        assert target in ids


@pytest.mark.parametrize("code", [400, 403, 404, 409, 422, 429, 500, 503])
def test_an_error_page_says_what_now_with_next_to_no_context(environment: Environment, code: int) -> None:
    html = environment.get_template("errors/page.html").render(lang="zh-CN", said="没有找到。", code=code)
    assert "没有找到。" in html
    assert "没有丢" in html
    assert 'href="/"' in html


def test_whoever_acts_for_somebody_sees_for_whom(
    environment: Environment, page_context: dict[str, Any]
) -> None:
    actor = SimpleNamespace(name="小李", roles={"proxy"}, acting_for_name="王<奶奶>")
    html = environment.get_template("style.html").render(**{**page_context, "actor": actor})
    assert "您正在代 王&lt;奶奶&gt; 办事" in html


@pytest.mark.parametrize(
    ("stub", "flat"),
    [("有人来帮", False), ("请回电", False), ("17:00 前", True), ("11月24日", True), ("今天下午三点", True)],
)
def test_a_stub_that_cannot_stand_upright_lies_on_top(
    environment: Environment, stub: str, flat: bool
) -> None:
    page = environment.from_string(
        '{% import "components/ui.html" as ui %}{% call ui.slip("act", stub) %}x{% endcall %}'
    )
    assert ('class="slip act flat"' in page.render(stub=stub)) == flat


def test_signing_out_is_a_post_with_its_token(environment: Environment, page_context: dict[str, Any]) -> None:
    html = environment.get_template("base.html").render(**page_context)
    assert re.search(r'<form method="post" action="/sign-out"><input type="hidden" name="_csrf_token"', html)
    assert "/sign-in" not in html


def test_what_the_reader_typed_cannot_become_markup(environment: Environment) -> None:
    source = (
        '{% import "components/forms.html" as form %}{% import "components/ui.html" as ui %}'
        "{{ form.field('a', evil, value=evil, error=evil, attrs={'placeholder': evil}) }}"
        "{{ form.check_answers([{'label': evil, 'value': evil, 'href': evil}]) }}{{ form.error_summary({'a': evil}) }}"
        "{{ ui.tag(evil) }}{{ ui.who_card(evil, evil) }}{{ form.hidden({'a': [evil, evil]}) }}"
    )
    html = environment.from_string(source).render(evil='"><script>alert(1)</script>')
    assert "<script" not in html
    assert 'placeholder=""' not in html


def test_a_dense_form_keeps_what_was_chosen(environment: Environment) -> None:
    source = (
        '{% import "components/forms.html" as form %}'
        "{{ form.select('g', '网格', [(1, '一'), (2, '二')], value='2') }}"
        "{{ form.choices('d', '日', [('1', '一'), ('2', '二')], value=['2'], many=true) }}"
    )
    html = environment.from_string(source).render()
    assert '<option value="2" selected>' in html
    assert html.count(" checked") == 1


def test_a_printed_page_has_no_board_and_a_way_back(
    environment: Environment, page_context: dict[str, Any]
) -> None:
    html = environment.get_template("print.html").render(**page_context, back="/hours")
    assert 'class="board"' not in html
    assert 'href="/hours"' in html
    assert "打印于 2026年11月24日 星期二" in html


def test_every_icon_that_a_template_names_is_drawn(environment: Environment) -> None:
    """An unknown name draws nothing, and nobody would notice."""
    draw = environment.from_string('{% from "components/icons.html" import icon %}{{ icon(name) }}')
    assert environment.loader is not None
    used = {
        found
        for name in environment.loader.list_templates()
        for found in re.findall(
            r'icon(?:=|\()"([\w-]+)"', environment.loader.get_source(environment, name)[0]
        )
    }
    assert len(used) > 25
    assert sorted(name for name in used if "<svg" not in draw.render(name=name)) == []
