"""`make messages`: renews the list of sentences, and every translation that there is."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from dev.sentences import PROJECT, all_sentences

LOCALE = PROJECT / "goodword/locale"
LIST = LOCALE / "messages.pot"
# A date that changed at each run would change the file without a reason.
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    sentences = current()
    with LIST.open("wb") as file:
        write_po(file, sentences, sort_by_file=True, width=100, include_lineno=False)
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            translation = read_po(file, domain="django")
        # A guess at a changed sentence may read well and say something else: it is left open instead.
        translation.update(sentences, no_fuzzy_matching=True)
        translation.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, translation, width=100, include_lineno=False)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, translation)


@cache
def current() -> Catalog:
    """Every sentence that the code holds now."""
    catalog = Catalog(project="Goodword", copyright_holder="the Goodword authors", creation_date=BEGINNING)
    catalog.header_comment = "# The sentences of Goodword, for translators. Made by `make messages`."
    for words, file, line, context, comments in all_sentences():
        catalog.add(words, locations=[(file, line)], context=context, auto_comments=comments)
    return catalog


if __name__ == "__main__":
    main()
