"""A private RabbitMQ, a private PostgreSQL and every process of the suite, all under ``var/``."""
