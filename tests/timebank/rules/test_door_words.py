"""The words at the door: two things that sound alike by nobody's tongue, and nobody who has not been told can guess."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta

from pypinyin import lazy_pinyin

from timebank.rules.telling.door_words import KINDS_OF, THINGS, door_words, shown_at

TODAY = date(2026, 11, 24)


def heard(word: str) -> str:
    """As it sounds to somebody who keeps apart neither tones nor l/n, z/zh, c/ch, s/sh, in/ing, en/eng, an/ang."""
    loose = (re.sub("^([zcs])h", r"\1", re.sub("^n", "l", one)) for one in lazy_pinyin(word))
    return " ".join(re.sub("([iea])ng$", r"\1n", one) for one in loose)


def test_there_are_sixteen_kinds_of_sixty_four_things() -> None:
    assert (len(KINDS_OF), len(THINGS)) == (16, 64)
    assert all(len(zh) == 2 for zh, _en in THINGS)


def test_no_two_words_sound_alike() -> None:
    for words in (KINDS_OF, THINGS):
        sounds = Counter(heard(zh) for zh, _en in words)
        assert [sound for sound, times in sounds.items() if times > 1] == []


def test_the_check_hears_what_people_confuse() -> None:
    assert heard("牛奶") == heard("流赖")
    assert heard("报纸") == heard("包子")
    assert heard("金鱼") == heard("鲸鱼")


def test_each_has_its_own_english_word() -> None:
    for words in (KINDS_OF, THINGS):
        assert len({en for _zh, en in words}) == len(words)
        assert all(en.isascii() for _zh, en in words)


def test_nothing_of_parting_death_or_quarrel_is_among_them() -> None:
    assert not any(set(zh) & set("梨钟伞帽刀枪药棺鬼病党") for zh, _en in THINGS)


def test_the_words_hang_on_secret_service_and_day_and_the_two_differ() -> None:
    one = door_words(b"secret", service="S1", on=TODAY)
    assert one == door_words(b"secret", service="S1", on=TODAY)
    others = {
        door_words(b"secret", service="S2", on=TODAY),
        door_words(b"secret", service="S1", on=TODAY + timedelta(days=1)),
        door_words(b"other", service="S1", on=TODAY),
    }
    assert one not in others
    for number in range(2_000):
        pair = door_words(b"secret", service=f"S{number}", on=TODAY)
        assert pair.helper.zh[1:] != pair.elder.zh[1:]


def test_they_are_used_evenly() -> None:
    drawn = Counter(
        door_words(b"secret", service=f"S{number}", on=TODAY).helper.zh for number in range(20_480)
    )
    assert len(drawn) == 1024
    assert max(drawn.values()) < 60


def test_they_are_shown_from_an_hour_before_until_the_end() -> None:
    starts, ends = datetime(2026, 11, 24, 1, tzinfo=UTC), datetime(2026, 11, 24, 2, tzinfo=UTC)
    seen = [
        shown_at(starts + timedelta(minutes=at), starts_at=starts, ends_at=ends)
        for at in (-61, -60, 0, 60, 61)
    ]
    assert seen == [False, True, True, True, False]
