"""What stands beside the rows of the contract ledger, of the receivables and of the pipeline, for the page of the views."""

from __future__ import annotations

from typing import Final

AROUND: Final = {
    "totals": "pipeline: for each `currency` the `count`, the `amount`, how many are `likely` (their probability was "
    "said), what those are worth `weighted` by it, and the same for each of its `stages`. contracts: for each `currency` "
    "the `count` of signed contracts and the sums of their `value`, `collected`, `outstanding`, `overpaid`, "
    "`invoiced` and `delivered`. receivables: for each `currency` what is `outstanding` and `overdue`, the outstanding by `ageing`, what "
    "is `overpaid` (also as `surplus`), and the same for each of its `owners`.",
}
