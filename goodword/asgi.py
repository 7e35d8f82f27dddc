"""The web as granian serves it: pages in threads, server-sent events without one."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goodword.settings")
application = get_asgi_application()
