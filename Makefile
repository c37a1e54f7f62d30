# Each target does its own set-up. `make` alone lists them.
PYTHON := .venv/bin/python
STACK := $(PYTHON) -m deploy.local
LOCK := .venv/bin/uv pip compile pyproject.toml --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-strip-extras --python-version 3.11 --custom-compile-command "make lock" -q

.DEFAULT_GOAL := help
.PHONY: help setup demo show test prove fuzz messages check lock docs up status dead-letters topology partner-check partner-address verify verify-access reconcile export down bench chaos clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile | expand -t 20

setup: ## install what is missing: Debian packages and .venv (every other target does this first)
	@sh deploy/setup.sh

demo: setup ## play the pilot's cases on servers of its own; CASES=path/to/other.jsonl plays another file
	@$(PYTHON) -m demo $(if $(CASES),--cases "$(CASES)")

show: setup ## print one case of the last demo; CASE=MP-0004
	@$(PYTHON) -m demo.show $(if $(CASE),"$(CASE)")

test: setup ## run the tests, three at the same time; WORKERS=0 runs them one by one
	@$(PYTHON) -m pytest tests -m "not prove" -n $(or $(WORKERS),3) --no-loadscope-reorder --durations 15

prove: setup ## run the proofs that take longer, two at the same time as well
	@$(PYTHON) -m pytest tests -m prove -n $(or $(WORKERS),2) --no-loadscope-reorder

fuzz: setup ## let a model go beside the books for long; EXAMPLES=20000
	@COMMONPURSE_FUZZ_EXAMPLES=$(or $(EXAMPLES),20000) $(PYTHON) -m pytest \
		tests/integration/budget/test_machine.py -m prove

messages: setup ## tell ten thousand people while one call in twenty goes wrong; MESSAGES=10000
	@COMMONPURSE_MESSAGES=$(or $(MESSAGES),10000) $(PYTHON) -m pytest \
		tests/chaos/provider/test_ten_thousand.py -m prove

check: setup ## ruff, mypy, import-linter, the tests of the architecture, and scans for weaknesses
	@.venv/bin/ruff check && .venv/bin/ruff format --check && .venv/bin/mypy \
		&& .venv/bin/lint-imports && $(PYTHON) -m pytest tests/architecture \
		&& $(PYTHON) -m tests.architecture.sizes && $(PYTHON) -m deploy.scans

lock: setup ## compile requirements/*.txt anew from pyproject.toml
	@test -x .venv/bin/uv || $(PYTHON) -m pip install -q uv
	@for extra in assessment budget payments notifications partners gateway simulators mesh-sandbox dev; do \
		$(LOCK) --extra $$extra -o requirements/$$extra.txt || exit 1; done

docs: setup ## write anew what is generated: docs/events, docs/api and its client, definitions.json, alarms.yml
	@$(PYTHON) -m shared.contracts.export docs/events
	@$(PYTHON) -m services.partners.documents docs
	@$(PYTHON) -m services.gateway.describe docs/api
	@$(PYTHON) -m clients.python.generate
	@$(PYTHON) -m shared.messaging.topology definitions >deploy/rabbitmq/definitions.json
	@$(PYTHON) -m shared.messaging.topology alarms >deploy/prometheus/alarms.yml

up: setup ## start the suite and leave it running
	@$(STACK) up

status: setup ## show what runs, and where
	@$(STACK) status

dead-letters: setup ## list what is dead in the running suite; ARGS="show --service budget 1a2b3c4d"
	@$(STACK) dead-letters $(ARGS)

partner-check: setup ## say in words what a partner will be able to do; FILE=deploy/partners/aldermoor-trust.yml
	@$(PYTHON) -m services.partners.check "$(FILE)"

partner-address: setup ## print where a partner's system reaches the running suite, its password in it; CODE=aldermoor-trust
	@$(STACK) partner-hosts address "$(CODE)"

topology: setup ## show how the broker of the running suite differs; ARGS="apply" mends it
	@$(STACK) topology $(ARGS)

verify: setup ## recompute the ledger of the running suite from its rows; ARGS="--head HASH"
	@$(STACK) verify $(ARGS)

verify-access: setup ## see in each service that who looked at whose record stands as it was written; ARGS="--head HASH"
	@$(STACK) verify-access $(ARGS)

reconcile: setup ## hold the issuer's settlement file against events and ledger; DAY=2026-11-24 [FILE=…]
	@$(STACK) reconcile --day "$(DAY)" $(if $(FILE),--file "$(FILE)") $(ARGS)

export: setup ## write a person's whole history of payments as CSV and JSON; PERSON=<id> [TO=folder]
	@$(STACK) export --person "$(PERSON)" --to "$(or $(TO),var/export/$(PERSON))"

down: setup ## stop exactly what make up started; its data stays
	@$(STACK) down

bench: setup ## measure; ONLY=messaging measures one part
	@$(PYTHON) -m benchmarks $(if $(ONLY),--only $(ONLY))

chaos: setup ## crash points in every flow, then random faults; MINUTES=10 SEED=1 PLANT=early-mark
	@$(PYTHON) -m tests.chaos --minutes $(or $(MINUTES),10) --seed $(or $(SEED),1) \
		$(if $(PLANT),--plant $(PLANT))

clean: setup ## stop every stack of this checkout and remove var/ and the tools' caches
	@$(STACK) clean && rm -rf var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
