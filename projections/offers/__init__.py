"""Offers to customers: proposals 方案 as they were asked for and delivered, quotes 报价 as they hold."""
