# The NHS's sandbox of MESH, which pins packages that we do not: an image of its own.
#   docker build --file deploy/mesh-sandbox.Dockerfile .
# No Docker engine runs where this is developed: tests/deploy/test_compose.py reads this file and
# holds it against the code.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/commonpurse

COPY requirements/mesh-sandbox.txt requirements.txt
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin commonpurse

COPY simulators/__init__.py simulators/__init__.py
COPY simulators/mesh simulators/mesh

USER commonpurse
