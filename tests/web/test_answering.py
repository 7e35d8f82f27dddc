"""What is on screen between pressing Reply and the reply's going out?"""

from __future__ import annotations

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from goodword.conversations.models import Delivery
from tests.world import SAM, World


def picture() -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (4, 4), "teal").save(drawn, "PNG")
    return SimpleUploadedFile("kettle.png", drawn.getvalue(), "image/png")


def test_a_reply_that_waits_says_that_its_picture_goes_with_it(world: World) -> None:
    asked = world.hears(SAM, "How does the lid go on?")
    world.bo.replies(asked, "Like this", picture=picture(), alt="A lid, turned to the left")
    page = world.bo.looks_at(reverse("conversation", args=[world.conversation_of(asked).pk]))
    assert "with a picture: A lid, turned to the left" in page.content.decode()


def test_undoing_brings_the_words_back_and_says_that_the_picture_must_be_chosen_again(world: World) -> None:
    asked = world.hears(SAM, "How does the lid go on?")
    world.bo.replies(asked, "Like this", picture=picture(), alt="A lid, turned to the left")
    page = world.bo.does(reverse("withdraw", args=[Delivery.objects.get().pk])).content.decode()
    assert "It was not sent. The picture has to be chosen again." in page
    assert "Like this</textarea>" in page
