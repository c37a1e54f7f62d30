"""The person, the joint assessment, the indicative budget, the support plan and its sign-off."""
