"""The breakdown of targets 目标分解表: company, groups and persons, each with its share of what stands above it."""
