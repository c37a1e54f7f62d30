-- One database for each service, and three roles for each:
--   <service>_owner   owns the database; migrations run as this role, and nothing else does
--   <service>         the service itself: reads and writes rows, and changes no table
--   <service>_reader  what the service becomes to answer a question: it sees the rows of those
--                     people alone whom the one who asks may see; nobody can sign in as it
-- The gateway has no reader: it keeps nobody's record, only who is signed in.
-- psql runs this once on an empty cluster: deploy.local on a laptop, the official image's
-- /docker-entrypoint-initdb.d under docker compose. The passwords come from the environment.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

\getenv assessment_owner_password ASSESSMENT_OWNER_PASSWORD
\getenv assessment_password ASSESSMENT_PASSWORD
\getenv budget_owner_password BUDGET_OWNER_PASSWORD
\getenv budget_password BUDGET_PASSWORD
\getenv payments_owner_password PAYMENTS_OWNER_PASSWORD
\getenv payments_password PAYMENTS_PASSWORD
\getenv notifications_owner_password NOTIFICATIONS_OWNER_PASSWORD
\getenv notifications_password NOTIFICATIONS_PASSWORD
\getenv partners_owner_password PARTNERS_OWNER_PASSWORD
\getenv partners_password PARTNERS_PASSWORD
\getenv gateway_owner_password GATEWAY_OWNER_PASSWORD
\getenv gateway_password GATEWAY_PASSWORD

-- A password that is missing stops the script here: psql leaves the word as it stands.
CREATE ROLE assessment_owner LOGIN PASSWORD :'assessment_owner_password';
CREATE ROLE assessment LOGIN PASSWORD :'assessment_password';
CREATE ROLE budget_owner LOGIN PASSWORD :'budget_owner_password';
CREATE ROLE budget LOGIN PASSWORD :'budget_password';
CREATE ROLE payments_owner LOGIN PASSWORD :'payments_owner_password';
CREATE ROLE payments LOGIN PASSWORD :'payments_password';
CREATE ROLE notifications_owner LOGIN PASSWORD :'notifications_owner_password';
CREATE ROLE notifications LOGIN PASSWORD :'notifications_password';
CREATE ROLE partners_owner LOGIN PASSWORD :'partners_owner_password';
CREATE ROLE partners LOGIN PASSWORD :'partners_password';
CREATE ROLE gateway_owner LOGIN PASSWORD :'gateway_owner_password';
CREATE ROLE gateway LOGIN PASSWORD :'gateway_password';

CREATE ROLE assessment_reader NOLOGIN;
GRANT assessment_reader TO assessment;
CREATE ROLE budget_reader NOLOGIN;
GRANT budget_reader TO budget;
CREATE ROLE payments_reader NOLOGIN;
GRANT payments_reader TO payments;
CREATE ROLE notifications_reader NOLOGIN;
GRANT notifications_reader TO notifications;
CREATE ROLE partners_reader NOLOGIN;
GRANT partners_reader TO partners;

CREATE DATABASE assessment OWNER assessment_owner;
CREATE DATABASE budget OWNER budget_owner;
CREATE DATABASE payments OWNER payments_owner;
CREATE DATABASE notifications OWNER notifications_owner;
CREATE DATABASE partners OWNER partners_owner;
CREATE DATABASE gateway OWNER gateway_owner;

-- The server's own log holds neither the statement that failed nor the row it was about: both have
-- names in them. The service's own log says where it failed, and of what kind.
ALTER DATABASE assessment SET log_min_error_statement = 'panic';
ALTER DATABASE assessment SET log_error_verbosity = 'terse';
ALTER DATABASE budget SET log_min_error_statement = 'panic';
ALTER DATABASE budget SET log_error_verbosity = 'terse';
ALTER DATABASE payments SET log_min_error_statement = 'panic';
ALTER DATABASE payments SET log_error_verbosity = 'terse';
ALTER DATABASE notifications SET log_min_error_statement = 'panic';
ALTER DATABASE notifications SET log_error_verbosity = 'terse';
ALTER DATABASE partners SET log_min_error_statement = 'panic';
ALTER DATABASE partners SET log_error_verbosity = 'terse';
ALTER DATABASE gateway SET log_min_error_statement = 'panic';
ALTER DATABASE gateway SET log_error_verbosity = 'terse';

-- No service may so much as look into another's database.
REVOKE ALL ON DATABASE postgres, template1, assessment, budget, payments, notifications, partners,
    gateway FROM PUBLIC;
GRANT CONNECT ON DATABASE assessment TO assessment;
GRANT CONNECT ON DATABASE budget TO budget;
GRANT CONNECT ON DATABASE payments TO payments;
GRANT CONNECT ON DATABASE notifications TO notifications;
GRANT CONNECT ON DATABASE partners TO partners;
GRANT CONNECT ON DATABASE gateway TO gateway;

\connect assessment
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO assessment, assessment_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE assessment_owner
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO assessment;
ALTER DEFAULT PRIVILEGES FOR ROLE assessment_owner GRANT USAGE ON SEQUENCES TO assessment;

\connect budget
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO budget, budget_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE budget_owner
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO budget;
ALTER DEFAULT PRIVILEGES FOR ROLE budget_owner GRANT USAGE ON SEQUENCES TO budget;

\connect payments
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO payments, payments_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE payments_owner
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO payments;
ALTER DEFAULT PRIVILEGES FOR ROLE payments_owner GRANT USAGE ON SEQUENCES TO payments;

\connect notifications
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO notifications, notifications_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE notifications_owner
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO notifications;
ALTER DEFAULT PRIVILEGES FOR ROLE notifications_owner GRANT USAGE ON SEQUENCES TO notifications;

\connect partners
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO partners, partners_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE partners_owner
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO partners;
ALTER DEFAULT PRIVILEGES FOR ROLE partners_owner GRANT USAGE ON SEQUENCES TO partners;

\connect gateway
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO gateway;
ALTER DEFAULT PRIVILEGES FOR ROLE gateway_owner
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO gateway;
