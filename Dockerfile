# The production image: one image for all processes; see compose.yaml. Its Python is the one
# that requirements/ are compiled for and the tests run on.

FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements/runtime.txt requirements/runtime.txt
RUN /venv/bin/python -m pip install --require-hashes -r requirements/runtime.txt
COPY manage.py manage.py
COPY v0client v0client
COPY dashboard dashboard
COPY templates templates
COPY static static
# Nothing is connected to here: the settings only have to be complete.
RUN SECRET_KEY=only-while-building-only-while-building-only-while-building \
    KEY_RING=building:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    DATABASE_URL=postgresql://nobody@localhost/nothing \
    REDIS_URL=redis://localhost/0 \
    /venv/bin/python manage.py collectstatic --no-input

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --no-create-home dashboard
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
USER dashboard
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["uvicorn", "dashboard.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--lifespan", "off", "--ws", "none", "--no-access-log"]
