"""The ASGI entry point for uvicorn. Wrong settings or a wrong ring stop it with a sentence."""

from __future__ import annotations

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
try:
    django.setup()
except ImproperlyConfigured as error:
    sys.exit(str(error))

# After the set-up: importing the models needs it.
from dashboard.previews.app import Previews
from dashboard.ring import stop_on_wrong_ring

stop_on_wrong_ring()
application = Previews()
