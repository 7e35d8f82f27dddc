from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "goodword.store"
    label = "store"
