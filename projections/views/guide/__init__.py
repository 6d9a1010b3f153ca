"""The guide 流程指引: what is to be done in a stage, by a role, or next with a customer."""
