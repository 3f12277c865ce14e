"""Numbers of people: corrected, merged, split or first obtained, always by two people; and papers whose owner nobody knows yet."""
