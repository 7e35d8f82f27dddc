"""Which language a post is in, and when nobody could say."""

import pytest

from goodword.understanding.language import language_of, primary_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The battery died after two days of light use", "en"),
        ("where is my order", "en"),
        ("Der Akku ist nach zwei Tagen kaputt", "de"),
        ("¿Dónde está mi pedido?", "es"),
        ("Où est ma commande ?", "fr"),
        ("Cadê meu pedido?", "pt"),
        ("Dov'è il mio ordine? Sto ancora aspettando", "it"),
        ("Waar blijft mijn bestelling?", "nl"),
        ("これはどこですか？", "ja"),
        ("Где мой заказ?", "ru"),
    ],
)
def test_clear_posts_are_told(text: str, code: str) -> None:
    assert language_of(text).code == code


@pytest.mark.parametrize(
    "text", ["", " ", "😍😍😍", "????", "123 456", "A", "\x00\x00", "\ud800\ud800", "lol"]
)
def test_where_nothing_stands_out_it_is_undetermined(text: str) -> None:
    assert language_of(text).code == "und"


def test_a_declared_language_tips_a_short_post() -> None:
    assert language_of("Danke!").code == "und"
    assert language_of("Danke!", "de-AT").code == "de"


def test_a_declared_language_loses_against_clear_words() -> None:
    assert language_of("Der Akku ist nach zwei Tagen kaputt", "en").code == "de"


def test_emoji_have_no_language_whatever_is_declared() -> None:
    assert language_of("😍😍😍", "en").code == "und"


@pytest.mark.parametrize(
    ("declared", "code"),
    [("pt-BR", "pt"), ("EN_us", "en"), ("iw", "he"), ("", None), (None, None), ("no such", "no such")],
)
def test_declared_codes_are_read_by_their_first_part(declared: str | None, code: str | None) -> None:
    assert primary_code(declared) == code


def test_nonsense_declarations_are_ignored() -> None:
    assert language_of("where is my order", "\ud800" * 50).code == "en"
