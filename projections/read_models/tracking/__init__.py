"""The customer tracking table 客户信息跟踪表: a row a customer, as of any moment, as known at any moment."""
