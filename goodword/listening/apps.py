from django.apps import AppConfig


class ListeningConfig(AppConfig):
    name = "goodword.listening"
    label = "listening"
