"""The ASGI entry point for uvicorn. Wrong settings or a wrong ring stop it with a sentence."""

from __future__ import annotations

import os
import sys

from django.core.asgi import get_asgi_application
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
try:
    ready = get_asgi_application()
except ImproperlyConfigured as error:
    sys.exit(str(error))

# After the set-up: importing the models and forms needs it.
from dashboard.bodies import limited
from dashboard.ring import stop_on_wrong_ring

stop_on_wrong_ring()
application = limited(ready)
