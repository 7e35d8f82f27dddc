"""What a reader of the post would say, both stages say too; without the trained files, the rules."""

import pytest

from goodword.understanding.analysis import INTENTS, SURE, Analysis, analyse


def read(text: str, **known: object) -> Analysis:
    return analyse(text, **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Where is my order? It was due on Monday.", "question"),
        ("does anybody know if the small lamp fits a bookshelf", "question"),
        ("Hey @lumo, can I dim it from my phone", "question"),
        ("I have no idea how to change the bulb", "question"),
        ("The parcel never arrived and nobody answers", "complaint"),
        ("The switch stopped working after two days", "complaint"),
        ("still waiting for a reply from your support", "complaint"),
        ("I love my new desk lamp, it is gorgeous", "praise"),
        ("Best lamp I've ever owned", "praise"),
        ("I can't recommend this shop enough", "recommendation"),
        ("Do yourself a favour and try the warm light", "recommendation"),
        ("It would be great if the app had a timer", "suggestion"),
        ("Please add a dark mode", "suggestion"),
        ("Where can I buy the blue one", "purchase"),
        ("Will you have the small one in stock before Friday? I want to order it", "purchase"),
        ("I am cancelling my subscription today", "churn"),
        ("Never buying from them again", "churn"),
        ("Thank you so much for the quick help!", "thanks"),
        ("Click here to double your money, DM me to invest", "spam"),
        ("Weiß jemand, ob die Lampe dimmbar ist", "question"),
        ("Wo bleibt mein Paket", "question"),
        ("Die Lampe funktioniert seit gestern nicht mehr", "complaint"),
        ("Vielen Dank für die schnelle Hilfe!", "thanks"),
        ("¿Dónde está mi pedido", "question"),
        ("alguien sabe si hacen envios a Chile", "question"),
        ("La lámpara no funciona y llegó rota", "complaint"),
        ("Muchas gracias por la ayuda", "thanks"),
        ("Est-ce que la lampe est disponible en bleu", "question"),
        ("La bouilloire est arrivée cassée", "complaint"),
        ("Merci beaucoup pour votre réponse", "thanks"),
        ("Alguém sabe se entregam em Lisboa", "question"),
        ("Cadê meu pedido", "question"),
        ("A chaleira chegou quebrada e ninguém responde", "complaint"),
        ("Muito obrigada pelo atendimento", "thanks"),
        ("この商品はいつ届きますか？", "question"),
        ("متى يصل طلبي؟", "question"),
    ],
)
def test_what_the_author_wants_is_decided(text: str, wanted: str) -> None:
    assert wanted in read(text).decisions


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        ("The new lamp is not good", "praise"),
        ("I would never recommend this shop", "recommendation"),
        ("No thanks, I have enough lamps", "thanks"),
        ("Thanks for nothing", "thanks"),
        ("It arrived on time and nothing is broken, not damaged at all", "complaint"),
        ("Can anyone recommend a good desk lamp?", "recommendation"),
        ("See https://example.org/search?q=lamp", "question"),
        ("The shop opens at nine on Mondays", "question"),
        ("The shop opens at nine on Mondays", "complaint"),
        ('My neighbour asked "where is my order?" again', "question"),
        ("RT @somebody: where is my order?", "question"),
    ],
)
def test_what_the_author_does_not_want_is_not_claimed(text: str, unwanted: str) -> None:
    assert unwanted not in read(text).decisions


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I love this lamp, it is wonderful", "positive"),
        ("What a terrible, useless product, I hate it", "negative"),
        ("This is not good at all and I am not happy", "negative"),
        ("My lamp came today and I am so happy 😍", "positive"),
        ("Our train leaves on Friday at nine from platform two", "neutral"),
        ("Great lamp😍but the support was horrible, awful, the worst", "negative"),
    ],
)
def test_the_sentiment_of_english_is_told(text: str, label: str) -> None:
    assert read(text, stage="full").label == label


@pytest.mark.parametrize(
    "text",
    [
        "Ich hasse diese Lampe, sie ist furchtbar und kaputt",
        "Me encanta esta lámpara, es maravillosa y preciosa",
        "Cette lampe est horrible, je suis très déçue",
        "Essa luminária é maravilhosa, adorei demais",
        "Deze lamp is echt verschrikkelijk slecht gemaakt",
        "",
        "RT @somebody: what a terrible, horrible, awful lamp this is",
        "https://example.org/terrible-awful-hate",
    ],
)
def test_no_sentiment_is_claimed_where_it_was_not_measured(text: str) -> None:
    said = read(text)
    assert said.label == "unsure"
    assert said.abstain
    assert said.sentiment.negative == said.sentiment.neutral == said.sentiment.positive


def test_handles_links_and_quotations_do_not_drive_the_sentiment() -> None:
    plain = read("The lamp arrived on Monday and stands on my desk")
    dressed = read(
        '@happy_love The lamp arrived on Monday and stands on my desk "best awful lovely hate ever"'
        " https://example.org/love"
    )
    assert dressed.label == plain.label


def test_an_emoji_means_the_same_in_every_language() -> None:
    assert read("😍😍😍").sentiment.positive > read("😍😍😍").sentiment.negative


def test_typographic_apostrophes_negate_too() -> None:
    assert read("I don’t like this lamp").sentiment == read("I don't like this lamp").sentiment


def test_brand_names_are_not_feelings() -> None:
    text = "The parcel from Best Love Lamps is on the table in the kitchen"
    assert read(text).sentiment != read(text, brand_names=["Best Love Lamps"]).sentiment
    assert read(text, brand_names=["Best Love Lamps"]).label != "positive"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Nox is so much better than Lumo, honestly", "negative"),
        ("Lumo is so much better than Nox, honestly", "positive"),
        ("The weather is horrible and awful, but @Lumo is wonderful and great", "positive"),
        ("My #lumo is lovely and wonderful. The bus was late, horrible, awful, terrible.", "positive"),
    ],
)
def test_towards_the_brand_only_the_words_about_it_count(text: str, label: str) -> None:
    said = read(text, brand_names=["Lumo"])
    assert said.brand_sentiment is not None
    assert said.brand_sentiment.label == label


def test_a_brand_that_is_not_named_has_no_sentiment() -> None:
    assert read("What a lovely lamp", brand_names=["Lumo"]).brand_sentiment is None
    assert read("Lumosity is a lovely game", brand_names=["Lumo"]).brand_sentiment is None


def test_evidence_points_at_words_of_the_text_as_given() -> None:
    text = "@lumo 👩‍🚀 Danke… no: THANK YOU, I love it 😍 — but where is my order？"
    said = read(text, brand_names=["lumo"], declared_language="en")
    pointed = {(evidence.of, text[evidence.start : evidence.end]) for evidence in said.evidence}
    assert ("brand", "@lumo") in pointed
    assert {word for of, word in pointed if of == "thanks"} & {"Danke", "THANK"}
    assert {word for of, word in pointed if of == "positive"} & {"love", "😍"}
    assert {word for of, word in pointed if of == "question"} & {"where", "order", "？"}
    assert list(said.evidence) == sorted(said.evidence)


def test_probabilities_are_probabilities_and_decisions_follow_from_them() -> None:
    for text in ("", "Thanks! Where is my order? It is broken, broken, broken!!!", "x" * 300):
        said = read(text)
        assert tuple(said.intents) == INTENTS
        assert all(0 <= p <= 1 for p in said.intents.values())
        s = said.sentiment
        assert abs(s.negative + s.neutral + s.positive - 1) < 1e-9
        assert said.abstain == (max(s.negative, s.neutral, s.positive) < SURE)


def test_sarcasm_is_never_stated() -> None:
    said = read("Oh great, broken again. Just what I needed. /s")
    assert not any("sarcas" in word or "iron" in word for word in (*said.intents, *said.decisions))
    assert not any("sarcas" in evidence.of for evidence in said.evidence)


def test_each_stage_says_who_it_is() -> None:
    for stage in ("first", "full"):
        said = analyse("I love it", stage=stage)  # type: ignore[arg-type]
        assert said.stage == stage
        assert said.model.startswith((stage, "rules"))
