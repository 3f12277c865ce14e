"""The suite of `tests.central_hub.ingest.test_same_papers` once more, with PostgreSQL under the hub."""

from tests.central_hub.ingest.test_same_papers import *  # noqa: F403

del test_every_pair_stands_in_both_its_dossiers_and_no_paper_is_left_out_of_those_alike  # noqa: F821  hundreds of stories; the other tests touch every table
