"""Does the world of the tests hold together? If not, no other test says anything."""

from __future__ import annotations

from goodword.listening.models import Post
from tests.world import SAM, World


def test_what_is_heard_by_one_brand_is_not_kept_for_the_other(world: World) -> None:
    heard = world.hears(SAM, "Does the kettle whistle?")
    assert list(Post.objects.all()) == [heard]
    assert heard.brand == world.brand
