"""After-sales 售后: hand-overs and their promises, return visits and their scores, complaints and how long they last."""
