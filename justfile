# Shorthands; each is one plain command, so that `just` is never needed.

# everything that must hold before a commit
check:
    ./check

# the same without the tests
quick:
    ./check quick

test *ARGS:
    uv run pytest {{ARGS}}

# renew the pinned versions in pyproject.toml
pins:
    uv run python .ci/pins.py

# measure against the floors of this machine; `just bench cold` for one of them
bench *ARGS:
    uv run python -m bench {{ARGS}}

# try the laws with other examples; `just explore 10m`
explore *ARGS:
    ./explore {{ARGS}}

# is a small wrong in the program noticed? `just mutate domain/contract --count 20`
mutate *ARGS:
    ./mutate {{ARGS}}

# is every view and command answered as ever, to the byte? `just parity --keep DIR`, then `just parity --against DIR`
parity *ARGS:
    ./parity {{ARGS}}
