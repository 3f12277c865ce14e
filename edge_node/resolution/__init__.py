"""Resolution: custody, hand-over, supplement, decision, agency signature, return of the result."""
