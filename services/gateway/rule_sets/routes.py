"""The addresses of rule sets."""

from services.gateway.routes import NothingSchema, do, read
from services.gateway.rule_sets import schemas
from services.gateway.subjects import Subject

RULE_SETS = Subject(
    name="rule_sets",
    says="What a point of need is worth, and who pays: for everybody to read",
    routes=(
        read(
            "/rule-sets",
            "assessment.rule_sets",
            schemas.RuleSetSchema,
            "Every published rule set, the newest first",
            is_list=True,
        ),
        do(
            "/rule-sets",
            "assessment.propose_rule_set",
            schemas.ProposeForm,
            "Propose a rule set",
            gives=schemas.RuleSetStateSchema,
            fills={"proposed_by": "id"},
            location="/v1/rule-sets",
        ),
        do(
            "/rule-sets/<string:name>/approval",
            "assessment.approve_rule_set",
            NothingSchema,
            "Publish what somebody else proposed; it never changes again",
            gives=schemas.RuleSetStateSchema,
            fills={"approved_by": "id"},
            location="/v1/rule-sets",
        ),
    ),
)
