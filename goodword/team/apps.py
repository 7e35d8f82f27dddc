from django.apps import AppConfig


class TeamConfig(AppConfig):
    name = "goodword.team"
    label = "team"
