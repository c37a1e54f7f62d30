# One image for each service, with the service and nothing of the others:
#   docker build --file deploy/service.Dockerfile --build-arg SERVICE=budget .
# docker-compose.yml says which program of it runs. No Docker engine runs where this is
# developed: tests/deploy/test_compose.py reads this file and holds it against the code.
FROM python:3.11-slim-bookworm

ARG SERVICE

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/commonpurse

COPY requirements/${SERVICE}.txt requirements.txt
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

# The processes of a service wake one another through sockets in the first directory, and payments
# keeps receipts' files in the second: each is a volume.
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin commonpurse \
    && install --directory --owner commonpurse --mode 0700 /run/commonpurse/wake \
    && install --directory --owner commonpurse --mode 0700 /var/lib/commonpurse/receipts

COPY services/__init__.py services/__init__.py
COPY services/${SERVICE} services/${SERVICE}
COPY access access
COPY shared shared
COPY clients clients
COPY operations operations

USER commonpurse
