"""A store on Postgres: its connection, its log and schema, its roles and what each login may see."""
