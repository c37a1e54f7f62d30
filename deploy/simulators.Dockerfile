# One image for all simulators: they stand for systems outside and know nothing of ours.
#   docker build --file deploy/simulators.Dockerfile .
# docker-compose.yml says which of them runs. No Docker engine runs where this is developed:
# tests/deploy/test_compose.py reads this file and holds it against the code.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/commonpurse

COPY requirements/simulators.txt requirements.txt
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin commonpurse

COPY simulators simulators

USER commonpurse
