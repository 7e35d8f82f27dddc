from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "goodword.web"
    label = "web"

    def ready(self) -> None:
        from goodword.web import letting_in  # noqa: F401 (hears of every sign-in, also of the first)
