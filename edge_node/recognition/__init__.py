"""Reading Vietnamese paper: a page goes in, lines with boxes and two opinions come out.

Models run in a worker process with limits on memory, CPU and time; this process never loads them. A reading is a proposal for
a person, never a fact: trust is composed in `edge_node.extraction`, and an engine's own score never suffices.
"""
