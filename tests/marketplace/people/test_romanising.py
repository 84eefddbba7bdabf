"""Chinese names in Latin letters."""

from __future__ import annotations

import pytest

from marketplace.romanising import romanised


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("王秀英", "Wang Xiuying"),
        ("单田芳", "Shan Tianfang"),
        ("曾志伟", "Zeng Zhiwei"),
        ("解晓东", "Xie Xiaodong"),
        ("仇英", "Qiu Ying"),
        ("區楚良", "Ou Chuliang"),
        ("尉迟小兰", "Yuchi Xiaolan"),
        ("欧阳娜娜", "Ouyang Nana"),
        ("单于", "Shan Yu"),  # nobody goes by a double surname alone
        ("王西安", "Wang Xi'an"),  # one word of two syllables, not of one
        ("吕布", "Lü Bu"),
        ("李 四", "Li Si"),
        ("古丽娜尔·阿不都拉", "Gulina'er Abudoula"),
        ("Anna", ""),
        ("小明 Tom", ""),
        ("", ""),
    ],
)
def test_a_name_is_romanised_as_its_bearer_would(name: str, latin: str) -> None:
    assert romanised(name) == latin
