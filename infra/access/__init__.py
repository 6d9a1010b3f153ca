"""Who a login is and what it may read and append: roles, row security, hardening."""
